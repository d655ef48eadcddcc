"""What is traded: products, their units, barcodes and prices. How much there is, stock knows."""
