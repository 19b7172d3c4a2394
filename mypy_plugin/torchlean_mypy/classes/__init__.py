"""Users' classes, which have sizes."""
