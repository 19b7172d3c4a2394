"""A call: its arguments, what they say of the names of a signature, and the guard around each hook."""
