"""Reading the syntax of a file."""
