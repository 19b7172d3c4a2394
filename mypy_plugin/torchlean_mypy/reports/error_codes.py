"""The plugin's error codes; mypy asks for them by name, so that they are there as soon as the plugin is."""

from __future__ import annotations

from mypy.errorcodes import ErrorCode

SHAPE = ErrorCode("shape", "Check that shapes and dtypes fit", "Shapes")
SHAPE_BROADCAST = ErrorCode("shape-broadcast", "Check that no broadcast is implicit", "Shapes", sub_code_of=SHAPE)
SHAPE_UNKNOWN = ErrorCode("shape-unknown", "Report where a shape is not known (strict_shapes)", "Shapes")
