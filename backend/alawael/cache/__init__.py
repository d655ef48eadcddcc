"""Answers that were given before, given again as bytes; never one that a committed change made old.

It stands in front of Django and knows no domain: what a token is worth and which routes may be
kept is told to it by the wiring. docs/decisions/0012-response-cache.md says why it is right.
"""
