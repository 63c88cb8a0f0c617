"""Doubles: words that say the same twice in a row, as pages do for two sizes of screen.

Shared knowledge: imports nothing.
"""

from __future__ import annotations

_GAP = 2  # white space between the two


def once(words: str, least: int = 4) -> str:
    """Return the first half of words that say the same twice, of at least `least` letters; else all of them.

    >>> once("Jane DoeJane Doe"), once("Jane Doe, CNN Jane Doe, CNN"), once("Jane Doe and John Roe")
    ('Jane Doe', 'Jane Doe, CNN', 'Jane Doe and John Roe')

    A word that stands twice may be a name:

    >>> once("Hassan Hassan")
    'Hassan Hassan'
    """
    size = len(words)
    for gap in range(_GAP + 1):
        half = (size - gap) // 2
        single = gap and len(words[:half].split()) == 1
        if (
            half >= least
            and not single
            and words[:half] == words[half + gap :]
            and not words[half : half + gap].strip()
        ):
            return words[:half]
    return words
