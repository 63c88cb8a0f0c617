"""Corpus: reading, running and writing, around the pure steps of `normalize`."""

from corpus.engines.arrow import batch_schema, normalize_batch

__all__ = ["batch_schema", "normalize_batch"]
