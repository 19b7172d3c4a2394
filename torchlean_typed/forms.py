"""What users write with texts in brackets, as Pyrefly is to see it.

Pyrefly reads every text in brackets as a type, but for those of a ``Literal``. It looks for the first definition of the
name to know whether it is one, and never gets beyond it to take it for the name's type, which is not known.
"""

from typing import TYPE_CHECKING

from torchlean_typed.brackets import MYPY

__all__ = ["Dim", "OutputLoss", "Params", "Rows", "Seq", "TensorPack"]

if TYPE_CHECKING and not MYPY:
    from typing import Literal as Dim
    from typing import Literal as OutputLoss
    from typing import Literal as Params
    from typing import Literal as Rows
    from typing import Literal as Seq
    from typing import Literal as TensorPack

    raise ImportError
else:
    from torchlean_typed._forms import Dim, OutputLoss, Params, Rows, Seq, TensorPack
