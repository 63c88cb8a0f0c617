"""A twin in a module of its own: its pattern looks back, which Rust's engine refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize import UNKNOWN, Edit, Facts, step

if TYPE_CHECKING:
    from collections.abc import Iterator

_AFTER = re.compile(r"(?<=a)x")


@step()
def drop_after(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Cut an x after an a."""
    for mark in _AFTER.finditer(text):
        yield Edit(*mark.span(), "", "after")
