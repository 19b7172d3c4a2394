# Planted: the student is moved by the teacher's gradients.
import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_digits

import torchlean_typed as tl
from torchlean_typed import Params, Tensor, autograd, loss, nn

teacher = nn.Seq(nn.linear(64, 96), nn.gelu(), nn.linear(96, 10))
student = nn.Seq(nn.linear(64, 16), nn.gelu(), nn.linear(16, 10))
cross_entropy = loss.cross_entropy_one_hot()


def step(
    student_params: Params[student], teacher_params: Params[teacher], x: Float64[Tensor, "b 64"]
) -> Params[student]:
    """One step of the student towards what the teacher says."""
    y = tl.softmax(teacher(teacher_params, x), axis=1)
    return student_params - 0.5 * autograd.model.grad_params(teacher, cross_entropy, teacher_params, x, y)  # <- bug


images, _ = load_digits(return_X_y=True)
x = tl.ensure(tl.from_numpy(np.asarray(images) / 16.0), "1797 64")
teacher_params, student_params = teacher.init(seed=2026), student.init(seed=2027)
for _ in range(100):
    student_params = step(student_params, teacher_params, x)
