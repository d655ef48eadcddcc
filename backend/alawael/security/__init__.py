"""What stands around every request: headers, limits, and the memory of attempts to break in."""
