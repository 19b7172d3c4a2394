"""Every elementwise operation under one roof.

The result's shape is that of the operands. ``Shapes: *s, *s -> *s`` means rank-explicit broadcasting: equal ranks, only
an axis of size 1 stretches, and a scalar goes with anything.
"""

from __future__ import annotations

from torchlean_typed.ops.activation import *
from torchlean_typed.ops.arithmetic import *
from torchlean_typed.ops.choice import *
from torchlean_typed.ops.comparison import *
from torchlean_typed.ops.conversion import *
from torchlean_typed.ops.exponential import *
