"""The choice of a page's story: which of its lines, by how likely each is, where the headline stands and comments begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalize.furniture.model import Verdicts

_STAYS = 0.3  # how likely a line must be the story's to stay: the model is unsure of the story's lines more often than of others
_HEADLINE = 0.5  # how likely a headline must be for the lines above it to go
_STORY = 250  # letters that must stand below it


def choose_story(verdicts: Verdicts, sizes: Sequence[int]) -> tuple[list[int], int]:
    """Return the numbers of the story's lines, and of the line with which readers' comments begin.

    What stands above a likely headline are teasers of other stories. `sizes` are the lines' letters.
    """
    chances = verdicts.story
    likely = _likely(chances)
    headline = max(range(len(chances)), key=verdicts.title.__getitem__)
    below = sum(sizes[n] for n in likely if n > headline)
    begin = headline if verdicts.title[headline] >= _HEADLINE and below >= _STORY else 0
    inside = [n for n in likely if n >= begin]
    end = next((n for n in verdicts.comments if inside and inside[0] < n), len(chances))
    return [n for n in inside if n < end], end


def _likely(chances: Sequence[float]) -> list[int]:
    """Return the lines that are likely the story's; something stays, however unlike a story the page is."""
    least = min(_STAYS, max(chances) / 2)
    return [n for n, chance in enumerate(chances) if chance >= least]
