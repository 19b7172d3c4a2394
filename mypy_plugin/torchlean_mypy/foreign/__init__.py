"""NumPy's operations, other libraries' functions with stubs of shapes, the standard library's."""
