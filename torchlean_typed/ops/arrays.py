"""All operations that rearrange, index, contract, reduce or convolve arrays, from the files of their themes."""

from __future__ import annotations

from torchlean_typed.ops.attention import *  # noqa: F403
from torchlean_typed.ops.convolution import *  # noqa: F403
from torchlean_typed.ops.decomposition import *  # noqa: F403
from torchlean_typed.ops.einsum import *  # noqa: F403
from torchlean_typed.ops.indexing import *  # noqa: F403
from torchlean_typed.ops.normalization import *  # noqa: F403
from torchlean_typed.ops.pooling import *  # noqa: F403
from torchlean_typed.ops.rearrangement import *  # noqa: F403
from torchlean_typed.ops.statistics import *  # noqa: F403
