"""Whole business stories, and random ones."""
