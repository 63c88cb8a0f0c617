"""Strategies for dirty pages, built from a clean story and known dirt, so that the truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from normalize.calendar import DateInterval
from normalize.facts import Facts
from normalize.testing.clean import PARAGRAPHS
from normalize.testing.texts import Story, stories

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hypothesis.strategies import DrawFn

# Kinds of dirt, in the order in which a page gets them: the story's own letters first, line ends last.
DIRT = (
    "spaces",
    "invisible",
    "dateline",
    "headline",
    "byline",
    "inline date",
    "caption",
    "agency",
    "furniture",
    "mojibake",
    "blank lines",
    "line ends",
)
_ENGLISH_ONLY = {"dateline", "headline", "byline", "inline date", "caption", "agency"}
_MISREADABLE = ("en", "de", "fr", "es", "pt", "it", "pl", "ru")  # written in what a wrong code page garbles


@dataclass(frozen=True, slots=True)
class Dirt:
    """One thing that was added to a story: its kind, one of `DIRT`, and its words where it has any."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A dirty page, the story it was made of, what was added, and what its record would know."""

    text: str
    story: Story
    dirt: tuple[Dirt, ...]
    known: Facts

    def has(self, kind: str) -> bool:
        """Return whether dirt of `kind` was added."""
        return any(dirt.kind == kind for dirt in self.dirt)


_FURNITURE = (
    "Advertisement",
    "ADVERTISEMENT",
    "Share this article",
    "Share on Facebook",
    "Skip to main content",
    "Accessibility links",
    "Sign up for our newsletter",
    "Read more:",
    "Breaking News",
    "All rights reserved.",
    "© 2017 The Ellery Courier. All rights reserved.",
    "Copyright © 2017 The Ellery Courier",
    "We use cookies to improve your experience.",
)
_HEADLINES = (
    "Harbour council votes to reopen old ferry line",
    "Ferry to run again after eleven years",
    "Islanders cheer as landing stage is declared sound",
)
_CAPTIONS = (
    "Boats wait outside the harbour of Port Ellery. (file photo)",
    "Passengers board the last ferry eleven years ago (file photo)",
)
_BYLINES = ("By Jane Marlow", "By Tom Okafor and Jane Marlow")
_AGENCIES = ("AP", "AFP", "Reuters")
_DATELINES = (
    "MANILA, Philippines (AP) — ",
    "LONDON (Reuters) - ",
    "NAIROBI, Kenya (AP) — ",
    "PARIS (AFP) — ",
    "CHICAGO (AP) — ",
)
_DATES = ("date {0:%Y-%m-%d}", "Published: {0.day} {0:%B %Y}", "Updated {0:%B} {0.day}, {0.year}")


@st.composite
def pages(draw: DrawFn, dirt: Collection[str] = DIRT, languages: Sequence[str] = tuple(PARAGRAPHS)) -> Page:
    """Draw a dirty page: a clean story in one of `languages`, with `dirt` of some of these kinds.

    >>> from hypothesis import find
    >>> page = find(pages(dirt=("agency",), languages=("en",)), lambda page: page.has("agency"))
    >>> page.text.endswith("AP"), page.text.startswith(page.story.text)
    (True, True)
    >>> pages(dirt=("mud",)).example()  # doctest: +SKIP
    Traceback (most recent call last):
    ValueError: no dirt 'mud'; there are spaces, …
    """
    for kind in dirt:
        if kind not in DIRT:
            raise ValueError(f"no dirt {kind!r}; there are {', '.join(DIRT)}")
    story = draw(stories(languages=("en", *languages) if "en" in languages else languages))
    possible = [kind for kind in DIRT if kind in dirt and (story.language == "en" or kind not in _ENGLISH_ONLY)]
    kinds = {kind for kind in possible if draw(st.booleans())}
    added: list[Dirt] = []
    published = draw(st.dates(date(2000, 1, 1), date(2024, 12, 31)))
    paragraphs = _soiled(draw, list(story.paragraphs), kinds, story.language, added)
    if "dateline" in kinds:
        paragraphs[0] = _put(draw, added, "dateline", _DATELINES) + paragraphs[0]
    head, tail = [], []
    if "furniture" in kinds:
        head += [_put(draw, added, "furniture", _FURNITURE) for _ in range(draw(st.integers(0, 2)))]
        tail += [_put(draw, added, "furniture", _FURNITURE) for _ in range(draw(st.integers(1, 3)))]
    title = _put(draw, added, "headline", _HEADLINES) if "headline" in kinds else None
    if title is not None:
        head.append(title)
    if "byline" in kinds:
        head.append(_put(draw, added, "byline", _BYLINES))
    if "inline date" in kinds:
        head.append(_put(draw, added, "inline date", [form.format(published) for form in _DATES]))
    if "caption" in kinds:
        paragraphs.insert(draw(st.integers(0, len(paragraphs) - 1)), _put(draw, added, "caption", _CAPTIONS))
    if "agency" in kinds:
        paragraphs.append(_put(draw, added, "agency", _AGENCIES))
    blocks = [*head, *paragraphs, *tail]
    if "mojibake" in kinds and story.language in _MISREADABLE:
        blocks = [misread(words) for words in blocks]
        added.append(Dirt("mojibake"))
    if "invisible" in kinds:
        blocks = _marked(draw, blocks, added)  # after mojibake, and so inside and beside what was garbled
    text = _joined(draw, blocks, kinds, added)
    known = Facts(
        published=draw(st.sampled_from((None, DateInterval(published, published + timedelta(days=1))))),
        title=draw(st.sampled_from((None, title))),
        language=draw(st.sampled_from((None, story.language))),
    )
    return Page(text, story, tuple(added), known)


def _put(draw: DrawFn, added: list[Dirt], kind: str, choices: Sequence[str]) -> str:
    words = draw(st.sampled_from(choices))
    added.append(Dirt(kind, words))
    return words


def _soiled(draw: DrawFn, paragraphs: list[str], kinds: set[str], language: str, added: list[Dirt]) -> list[str]:
    """Return the paragraphs with odd spaces and invisible marks put in."""
    if "spaces" in kinds and language not in ("ja", "zh"):
        run = draw(st.sampled_from(("  ", "   ", " \u00a0", "\t ")))
        paragraphs = [words.replace(" ", run, draw(st.integers(1, 3))) for words in paragraphs]
        added.append(Dirt("spaces", run))
    return paragraphs


def _marked(draw: DrawFn, blocks: list[str], added: list[Dirt]) -> list[str]:
    """Return the blocks with invisible marks put in."""
    mark = draw(st.sampled_from(("\ufeff", "\u2060", "\u00ad", "\u200b")))
    first = draw(st.integers(0, 7))
    added.append(Dirt("invisible", mark))
    marked = []
    for words in blocks:
        # behind a letter: between spaces a soft hyphen stands for a dash
        at = next((n + 1 for n in range(first, len(words)) if not words[n].isspace()), len(words))
        marked.append(words[:at] + mark + words[at:])
    return marked


def misread(words: str) -> str:
    """Return UTF-8 as it looks when taken for Windows-1252.

    >>> misread("café’s")
    'cafÃ©â€™s'
    """
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in words.encode("utf-8"))


def _joined(draw: DrawFn, blocks: list[str], kinds: set[str], added: list[Dirt]) -> str:
    """Return the blocks as one text, with surplus blank lines and foreign line ends where asked for."""
    between = "\n\n"
    if "blank lines" in kinds:
        between = draw(st.sampled_from(("\n\n\n", "\n\n\n\n", " \n\n", "\n \n\n")))
        added.append(Dirt("blank lines", between))
    text = between.join(blocks)
    if "line ends" in kinds:
        end = draw(st.sampled_from(("\r\n", "\r")))
        text = text.replace("\n", end)
        added.append(Dirt("line ends", end))
    return text
