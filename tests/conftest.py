"""What every test shares: how hypothesis searches, and how arrays print."""

import os

import numpy as np
from hypothesis import HealthCheck, settings

# A search must be the same in every run of CI; at a desk, new examples are welcome. No deadline: a first call compiles.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("desk"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

# One form of printed arrays, whatever the terminal: examples in the documents are compared with what they print.
np.set_printoptions(linewidth=100, precision=8, suppress=False)
