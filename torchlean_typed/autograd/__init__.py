"""Derivatives: ``autograd.model`` of models and their losses, ``autograd.fn`` of functions of one tensor."""

from torchlean_typed.autograd import fn, model
from torchlean_typed.nn.checkpoint import checkpoint

__all__ = ["checkpoint", "fn", "model"]
