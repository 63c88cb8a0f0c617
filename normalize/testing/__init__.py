"""Test your own steps by our laws: strategies for news texts, and one check for a step or a pipeline.

>>> from normalize import collapse_spaces
>>> check_step(collapse_spaces, positive=("a  b", "a   b", "  a"), negative=("", "a b", "a\\tb"))

Every law is a function of `normalize.testing.laws` and can be called alone. This package is the
only one that imports Hypothesis.
"""

from __future__ import annotations

from normalize.testing.checks import check_pipeline, check_step, texts_and_facts
from normalize.testing.laws import LawError
from normalize.testing.pages import DIRT, Dirt, Page, pages
from normalize.testing.texts import Story, clean_texts, hostile_texts, intervals, known_facts, stories

__all__ = [
    "DIRT",
    "Dirt",
    "LawError",
    "Page",
    "Story",
    "check_pipeline",
    "check_step",
    "clean_texts",
    "hostile_texts",
    "intervals",
    "known_facts",
    "pages",
    "stories",
    "texts_and_facts",
]
