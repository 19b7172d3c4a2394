"""Running a function of tensors: immediately, or compiled once into a flat NumPy program that is reused."""
