"""What a variable is where it stands: bindings, conditions, assertions."""
