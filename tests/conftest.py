"""Hypothesis profiles, and the long runs that only `thorough` makes.

`pythonpath = ["."]` in pyproject.toml lets `normalize` be found before tests/normalize.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import pytest

sys.path.append(str(Path(__file__).parent / "laws"))  # the loader of tests/cases, for all tests

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]

# The same examples on every run, so that a red suite is red for everyone; `thorough` looks further each time.
settings.register_profile(
    "default", max_examples=40, deadline=None, derandomize=True, suppress_health_check=_SLOW_IS_FINE
)
settings.register_profile("thorough", max_examples=20_000, deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked `thorough` unless that profile was asked for."""
    if PROFILE == "thorough":
        return
    long = [item for item in items if item.get_closest_marker("thorough")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
