"""The layers, by theme. Each takes any number of batch axes; its signature stands in shapes/layers."""
