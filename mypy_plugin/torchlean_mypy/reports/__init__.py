"""Errors: the one way in which they are reported, once."""
