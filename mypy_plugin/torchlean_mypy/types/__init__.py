"""Shapes in mypy types: put in, read out, taken out, generalised."""
