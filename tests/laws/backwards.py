"""A twin in a module of its own: its pattern refers back, which Rust's engine refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize import UNKNOWN, Edit, Facts, step

if TYPE_CHECKING:
    from collections.abc import Iterator

_TWICE = re.compile(r"([ax])\1")


@step()
def drop_doubled(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Cut a letter that stands twice."""
    for mark in _TWICE.finditer(text):
        yield Edit(*mark.span(), "", "twice")
