"""The cases, in the order of the table."""

from benchmarks.cases import functions, networks

CASES = [*networks.CASES, *functions.CASES]
