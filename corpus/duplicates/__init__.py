"""Duplicates of a corpus: exact and near copies, and passages that a site repeats. `data/` is only read."""

from corpus.duplicates.find import Summary, find_duplicates

__all__ = ["Summary", "find_duplicates"]
