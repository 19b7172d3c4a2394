"""Derivatives: ``autograd.model`` of models and their losses, ``autograd.fn`` of functions of one tensor."""

from torchlean_typed.autograd import fn, model

__all__ = ["fn", "model"]
