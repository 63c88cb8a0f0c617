"""Datelines: where, when and by whom a story was filed, as its head says.

`parts` knows what places, days and agencies look like, `heads` cuts a line's head into them,
`read` chooses where to look and which reading holds.
"""

from __future__ import annotations

from normalize.dateline.read import read_dateline, strip_dateline

__all__ = ["read_dateline", "strip_dateline"]
