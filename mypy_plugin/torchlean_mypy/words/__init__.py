"""mypy's own messages about shapes, in our words."""
