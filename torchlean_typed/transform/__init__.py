"""Transforms from graph to graph: reverse mode, forward mode, batching, simplification."""
