"""Rejected records: what is written under OUT/rejected, so that nothing is lost silently."""

from __future__ import annotations

from corpus.readers.record import KEPT_BYTES, Drop, Reject, reject

__all__ = ["KEPT_BYTES", "Drop", "Reject", "reject"]
