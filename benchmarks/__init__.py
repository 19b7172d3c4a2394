"""The engine against JAX, PyTorch and HIPS autograd, through the public API: ``python -m benchmarks --help``."""
