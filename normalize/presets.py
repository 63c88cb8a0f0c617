"""Presets: pipelines for common purposes, and every step by name. No registration by import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from normalize import whitespace
from normalize.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from normalize.steps import Step

_ALL: tuple[Step[Any], ...] = (
    whitespace.fix_line_ends,
    whitespace.fix_separators,
    whitespace.fix_spaces,
    whitespace.strip_line_spaces,
    whitespace.collapse_spaces,
    whitespace.collapse_blank_lines,
)

STEPS: Mapping[str, Step[Any]] = {step.name: step for step in _ALL}
"""Every step there is, by name."""

_WHITESPACE = (
    whitespace.fix_separators,
    whitespace.fix_spaces,
    whitespace.strip_line_spaces,
    whitespace.collapse_spaces,
    whitespace.collapse_blank_lines,
)

decode = Pipeline((whitespace.fix_line_ends,))
"""The letters as they are: only line ends are made alike."""

text = Pipeline((whitespace.fix_line_ends, *_WHITESPACE))
"""Characters repaired and whitespace put in order; no word is taken away."""

news = Pipeline((whitespace.fix_line_ends, *_WHITESPACE))
"""All of it: the story without its furniture, and what the page says of itself as facts."""

PRESETS: Mapping[str, Pipeline] = {"news": news, "text": text, "decode": decode}
