"""What is traded: products, their units, barcodes and prices. How much of it there is, stock knows."""
