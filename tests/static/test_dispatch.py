"""The plugin's hook tables: a name has one feature that answers for it."""

from __future__ import annotations

from collections import defaultdict

import pytest

from torchlean_mypy.dispatch import FEATURES

KINDS = ("TYPES", "BASES", "CLASSES", "ATTRIBUTES", "FUNCTIONS", "METHODS", "SIGNATURES", "METHOD_SIGNATURES")


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_features_have_a_hook_for_one_name(kind: str) -> None:
    """The later one would be asked, and the other never, in silence."""
    features = defaultdict(list)
    for feature in FEATURES:
        for name in getattr(feature, kind, {}):
            features[name].append(feature.__name__)
    assert features, kind
    assert not {name: several for name, several in features.items() if len(several) > 1}
