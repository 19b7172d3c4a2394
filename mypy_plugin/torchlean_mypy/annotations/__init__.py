"""Annotations, read."""
