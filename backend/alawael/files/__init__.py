"""Bytes that people hand in, kept with the data; what a file means is its owner's business."""
