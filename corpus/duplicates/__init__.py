"""Duplicates of a corpus: exact and near copies, and passages that a site repeats. `data/` is only read."""

from corpus.duplicates.find import Summary, find_duplicates
from corpus.duplicates.materialise import KINDS, write_without

__all__ = ["KINDS", "Summary", "find_duplicates", "write_without"]
