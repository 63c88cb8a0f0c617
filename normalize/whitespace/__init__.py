"""Whitespace: line ends, odd spaces, blank lines; and, by choice, lines and words that were broken at a column."""

from __future__ import annotations

from normalize.whitespace.spacing import (
    collapse_blank_lines,
    collapse_spaces,
    fix_line_ends,
    fix_separators,
    fix_spaces,
    strip_line_spaces,
)
from normalize.whitespace.wrapping import unwrap_hyphens, unwrap_lines

__all__ = [
    "collapse_blank_lines",
    "collapse_spaces",
    "fix_line_ends",
    "fix_separators",
    "fix_spaces",
    "strip_line_spaces",
    "unwrap_hyphens",
    "unwrap_lines",
]
