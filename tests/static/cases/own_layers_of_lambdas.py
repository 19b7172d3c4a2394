# symbolic: the run time compares at a call
"""``nn.layer`` of lambdas, which are checked with the declared shapes."""

import torchlean_typed as tl
from torchlean_typed import nn

nn.layer(lambda p, x: x @ p[0], params="4 5", input="*b 4", output="*b 5")
nn.layer(lambda p, x: x @ p[0], params="4 5", input="*b 4", output="*b 4")  # E: shape: layer: the function's result does not have the shape of the declared output (the declared output: [*b, 4], the function's result: [*b, 5])
nn.layer(lambda p, x: x @ p[0], params="5 4", input="*b 4", output="*b 4")  # E: shape: matmul: inner dimensions differ: 4 (left: [*b, 4]) and 5 (right: [5, 4]); did you mean .mT on the right operand?
nn.layer(lambda p, x: x * p["scales"], params={"scale": ""}, input="*b n", output="*b n")  # E: shape: TensorPack: has no entry "scales"; it has 1 entry: "scale"
nn.layer(lambda x: x[:, None], input="*b 4", output="*b 4")
nn.layer(lambda x: x[:, None], input="b 4", output="b 4")  # E: shape: layer: the function's result does not have the shape of the declared output (the declared output: [b, 4], the function's result: [b, 1, 4])
nn.layer(lambda x: tl.mean(x, axis=-2), input="*b n m", output="*b m")
nn.layer(lambda x: x.reshape((x.shape[0], -1)), input="b n m", output="b n*m")

turned = lambda p, z: z @ p[0]
nn.layer(turned, params="4 3", input="*b 4", output="*b 3")
nn.layer(turned, params="4 3", input="*b 4", output="*b 2")  # E: shape: layer: the function's result does not have the shape of the declared output (the declared output: [*b, 2], the function's result: [*b, 3])
