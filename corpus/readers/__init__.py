"""Readers: files of many formats into records, each with its locator."""

from __future__ import annotations

from corpus.readers.record import FIELDS, KEPT_BYTES, Drop, ReadOptions, Record, Reject, reject

__all__ = ["FIELDS", "KEPT_BYTES", "Drop", "ReadOptions", "Record", "Reject", "reject"]
