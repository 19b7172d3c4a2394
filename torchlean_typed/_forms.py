"""The classes that are written with texts in brackets; to Pyrefly, names of which nothing is known."""

from torchlean_typed.brackets import MYPY

__all__ = ["Dim", "OutputLoss", "Params", "Rows", "Seq", "TensorPack"]

TYPE_CHECKING_WITH_PYREFLY = False  # Pyrefly takes it to be True

if not MYPY:
    if TYPE_CHECKING_WITH_PYREFLY:
        from typing import Any

        def _unknown() -> Any: ...

        Dim = OutputLoss = Params = Rows = Seq = TensorPack = _unknown()
    else:
        from torchlean_typed.checks import Params
        from torchlean_typed.loss import OutputLoss
        from torchlean_typed.nn.seq import Seq
        from torchlean_typed.pack import TensorPack
        from torchlean_typed.rows import Rows
        from torchlean_typed.sizes import Dim
else:
    # For mypy; and last for Pyright, to which the last definition counts. Pyrefly gets no further than the end of it.
    from torchlean_typed.checks import Params
    from torchlean_typed.loss import OutputLoss
    from torchlean_typed.nn.seq import Seq
    from torchlean_typed.pack import TensorPack
    from torchlean_typed.rows import Rows
    from torchlean_typed.sizes import Dim

    raise ImportError
