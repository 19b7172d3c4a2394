# symbolic
"""Defaults that no size is."""

from torchlean_typed import Dim


def text(k: Dim["k"] = "3") -> None: ...  # E: assignment: Incompatible default for parameter "k" (default has type "str", parameter has type "Dim['k']")
def flag(k: Dim["k"] = True) -> None: ...  # E: assignment: Incompatible default for parameter "k" (default has type "bool", parameter has type "Dim['k']")
def fraction(k: Dim["k"] = 0.5) -> None: ...  # E: assignment: Incompatible default for parameter "k" (default has type "float", parameter has type "Dim['k']")
