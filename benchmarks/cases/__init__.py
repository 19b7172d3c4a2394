"""The cases, in the order of the table."""

from benchmarks.cases import eager, functions, networks

CASES = [*networks.CASES, *functions.CASES, *eager.CASES]
