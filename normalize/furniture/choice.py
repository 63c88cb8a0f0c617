"""The choice of a page's story: which of its lines, by how likely each is, where the headline stands and comments begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalize.furniture.model import Verdicts

_STAYS = 0.35  # how likely a line must be the story's to stay, as a share of how sure the model is of the page's story
_HEADLINE = 0.5  # how likely a headline must be for the lines above it to go
_STORY = 250  # letters that must stand below it


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
    return [n for n in inside if n < end], end


def _likely(chances: Sequence[float], sizes: Sequence[int]) -> list[int]:
    """Return the lines that are likely the story's.

    Less is asked where the model is less sure of all: of a list, a live blog, a page unlike those it knows.
    How sure it is tell the letters that it takes for the story, the mean of their chances.
    """
    letters = [chance * size for chance, size in zip(chances, sizes, strict=True)]
    sure = sum([chance * each for chance, each in zip(chances, letters, strict=True)]) / (sum(letters) or 1.0)
    return [n for n, chance in enumerate(chances) if chance >= _STAYS * sure]
