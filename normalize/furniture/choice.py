"""The choice of a page's story: which of its lines, by how likely each is, where the headline stands and comments begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalize.furniture.model import Verdicts

_LINE, _PARAGRAPH = 0.5, 0.65  # how likely a line must be the story's to stay
_LONG = 70  # letters from which a line is a paragraph
_HEADLINE = 0.5  # how likely a headline must be for the lines above it to go
_STORY = 250  # letters that must stand below it
_LOWER = (0.5, 0.45, 0.4, 0.35, 0.3, 0.25)  # what may be asked instead, of the lines of a list or a live blog
_GAIN = 0.005  # of the expected f1, for which it is


def choose_story(verdicts: Verdicts, sizes: Sequence[int]) -> tuple[list[int], int]:
    """Return the numbers of the story's lines, and of the line with which readers' comments begin.

    What stands above a likely headline are teasers of other stories. `sizes` are the lines' letters.
    """
    chances = verdicts.story
    likely = _likely(chances, sizes)
    headline = max(range(len(chances)), key=verdicts.title.__getitem__)
    below = sum(sizes[n] for n in likely if n > headline)
    begin = headline if verdicts.title[headline] >= _HEADLINE and below >= _STORY else 0
    inside = [n for n in likely if n >= begin]
    end = next((n for n in verdicts.comments if inside and inside[0] < n), len(chances))
    kept = [n for n in inside if n < end]
    return _widened(chances, sizes, kept, range(begin, end)), end


def _likely(chances: Sequence[float], sizes: Sequence[int]) -> list[int]:
    """Return the lines that are likely the story's; of a paragraph more is asked than of a subhead."""
    likely = [n for n, chance in enumerate(chances) if chance >= (_PARAGRAPH if sizes[n] >= _LONG else _LINE)]
    least = max(chances) / 2  # something stays, however unlike a story the page is
    return likely or [n for n, chance in enumerate(chances) if chance >= least]


def _widened(chances: Sequence[float], sizes: Sequence[int], kept: list[int], inside: range) -> list[int]:
    """Return the lines that stay once less is asked of all, where that brings the story nearer to what is expected."""
    expected = sum([chances[n] * sizes[n] for n in inside])
    best, chosen = _fit(chances, sizes, kept, expected) + _GAIN, kept
    others = [n for n in inside if chances[n] >= _LOWER[-1]]
    for least in _LOWER:
        more = sorted({*kept, *(n for n in others if chances[n] >= least)})
        if (fit := _fit(chances, sizes, more, expected)) > best:
            best, chosen = fit, more
    return chosen


def _fit(chances: Sequence[float], sizes: Sequence[int], chosen: Sequence[int], expected: float) -> float:
    """Return the expected f1 of a choice."""
    right = sum([chances[n] * sizes[n] for n in chosen])
    return 2 * right / max(1.0, sum([sizes[n] for n in chosen]) + expected)
