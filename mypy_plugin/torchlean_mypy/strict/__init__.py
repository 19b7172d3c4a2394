"""What is not known, found and reported or counted."""
