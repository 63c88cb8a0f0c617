"""Patterns that Rust's regex engine refuses, each with the reason why it is linear all the same."""

from __future__ import annotations

# "name in its module" -> reason. Keep this short: a new pattern should compile in Rust.
PATTERNS: dict[str, str] = {}
