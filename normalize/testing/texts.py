"""Strategies for texts: clean prose, hostile strings, and what may be known of a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from normalize.calendar import DateInterval, Moment
from normalize.facts import Annotation, Dateline, Facts
from normalize.places import Place
from normalize.testing.clean import DELICATE, PARAGRAPHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy


@dataclass(frozen=True, slots=True)
class Story:
    """A clean story: its language and its paragraphs.

    >>> Story("en", ("One.", "Two.")).text
    'One.\\n\\nTwo.'
    """

    language: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs with one blank line between them."""
        return "\n\n".join(self.paragraphs)


@st.composite
def stories(draw: DrawFn, languages: Sequence[str] = tuple(PARAGRAPHS)) -> Story:
    """Draw a clean fictional news story of three to six paragraphs, in one of `languages`.

    >>> from hypothesis import find
    >>> find(stories(languages=("nl",)), lambda story: True).paragraphs[0][:20]
    'De gemeenteraad besl'
    """
    language = draw(st.sampled_from(list(languages)))
    bank = PARAGRAPHS[language]
    order = draw(st.permutations(bank))
    most = min(6, len(bank))
    return Story(language, tuple(order[: draw(st.integers(3, most))]))


def clean_texts() -> SearchStrategy[str]:
    """Draw clean text that every step must leave alone: stories, and single delicate sentences.

    Persian with zero-width non-joiners, Indic conjuncts, emoji sequences, wide CJK forms, low and
    curly quotes are among them.

    >>> from hypothesis import find
    >>> "\\u200c" in find(clean_texts(), lambda text: "\\u200c" in text)
    True
    """
    return st.one_of(st.sampled_from(DELICATE), stories().map(lambda story: story.text))


# What has broken text tools before, as pieces to be strung together.
_HOSTILE = (
    *("\ud800", "\udcff", "\ude00\ud83d", "\x00", "\x1a", "\x1b[0m", "\x7f", "\x80", "\x85", "\x9f", "\ufeff", "\ufffe"),
    *("\r", "\n", "\r\n", "\n\r", "\v", "\f", "\x1c", "\u2028", "\u2029", "\t", " ", "\u00a0", "\u3000", "\u200b"),
    *("\u200d", "\u200c", "\u00ad", "\u2060", "\u180e", "\u202e", "\u2066", "\u200f", "\ufe0f", "\U000e0067"),
    *("e\u0301", "\u0301", "\u0323\u0307", "\u0344", "\u1100\u1161\u11a8", "\u0958", "\ufb01", "İ", "ı", "ſ", "K", "ß"),
    *("Ã©", "é", "â€™", "â\x80\x99", "Â", "ï»¿", "\ufffd", "&amp;amp;", "&#x27;", "&lt", "&", "<p>", "<!--", "]]>", "</"),
    *("(", ")", "[", "]", "((", "«", "“", '"', "'", "—", "–", "--", "- ", " | ", "...", "…", ":", ",", ".", "*", "_"),
    *("0", "1", "12", "2017", "31-02-2017", "9999-12-31", "0000-00-00", "25:61", "24:00", "99:99", "٣", "²", "12am"),
    *("on Tuesday", "Wednesday", "date ", "Published:", "Updated ", "By ", "(AP)", "(Reuters) - ", "AFP", "MANILA", "(file photo)"),
    *("Share", "Advertisement", "Read more: ", "©", "GMT", "last week", "29 February", "tomorrow", "http://x.y/2017/12/27/", "a", "Z"),
)  # fmt: skip


def hostile_texts(max_pieces: int = 24) -> SearchStrategy[str]:
    r"""Draw text that careless code trips over; any `str` may come.

    Lone surrogates, NULs, mixed line ends, joiners, bidirectional marks, bare combining marks,
    very long lines, nothing but spaces, nested brackets, damage and repair by turns, days and
    clocks that do not exist.

    >>> from hypothesis import find
    >>> find(hostile_texts(), lambda text: "\ud800" in text)
    '\ud800'
    """
    piece = st.sampled_from(_HOSTILE)
    strung = st.lists(piece, max_size=max_pieces).map("".join)
    repeated = st.builds(lambda unit, times: unit * times, st.lists(piece, min_size=1, max_size=3).map("".join), _TIMES)
    anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=max_pieces)
    nested = st.builds(
        lambda left, right, n: left * n + right * n, st.sampled_from("([“<"), st.sampled_from(")]”>"), _TIMES
    )
    mixed = st.lists(st.one_of(strung, anything, clean_texts()), min_size=1, max_size=3).map("".join)
    return st.one_of(strung, mixed, repeated, anything, nested)


_TIMES = st.sampled_from((1, 2, 3, 10, 100, 3000))

_DAYS = st.one_of(
    st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.sampled_from((date.min, date(2016, 2, 29), date(9999, 12, 30)))
)


@st.composite
def intervals(draw: DrawFn) -> DateInterval:
    """Draw the days of a date: mostly one day, at times a month or more, at times the first or last there is."""
    begin = draw(_DAYS)
    days = draw(st.sampled_from((1, 1, 1, 2, 31, 365)))
    return DateInterval(begin, begin + timedelta(days=min(days, (date.max - begin).days)))


_INSTANTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (bounds)
_WORDS = st.one_of(st.text(max_size=12), st.sampled_from(("Ferry line to reopen", "AFP", "", " ", "\ud800")))
_PLACES = st.builds(
    Place,
    name=st.one_of(st.sampled_from(("Manila", "Port Ellery", "")), _WORDS),
    country=st.sampled_from((None, "PH", "US", "XX")),
    timezone=st.sampled_from((None, "Asia/Manila", "America/New_York", "Nowhere/Land", "")),
)


def _datelines(start: int, end: int, words: str) -> SearchStrategy[Dateline]:
    return st.builds(
        Dateline,
        text=st.just(words),
        start=st.just(start),
        end=st.just(end),
        places=st.lists(_PLACES, max_size=2).map(tuple),
        agency=st.none() | _WORDS,
        date=st.none() | intervals(),
    )


# The kinds whose values are made of this module's vocabulary; a step's own kinds are its author's to draw.
_SPOKEN = ("title", "standfirst", "section", "author", "agency", "credit", "caption", "notice")


@st.composite
def _annotations(draw: DrawFn, kind: str, text: str) -> tuple[Annotation, ...]:
    """Draw annotations of `kind`, in order, disjoint, inside `text`."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    found = []
    for start, end in spans:
        words = text[start:end]
        if kind == "dateline":
            found.append(Annotation(start, end, kind, draw(_datelines(start, end, words))))
        elif kind in ("published", "updated"):
            found.append(Annotation(start, end, kind, draw(st.builds(Moment, intervals(), st.none() | _INSTANTS))))
        else:
            found.append(Annotation(start, end, kind, words))
    if kind in _SPOKEN and draw(st.booleans()):
        found.append(Annotation(None, None, kind, draw(_WORDS)))
    return tuple(found)


@st.composite
def known_facts(draw: DrawFn, text: str = "", kinds: Sequence[str] = ()) -> Facts:
    """Draw what may be known of a document: anything its record may say, true or not.

    `kinds` names annotations that may have been looked for; theirs lie inside `text`.

    >>> from hypothesis import find
    >>> find(known_facts(), lambda known: known.language is not None).language
    'en'
    >>> find(known_facts("Ferry", kinds=("title",)), lambda known: known.found("title")).found("title")[0].kind
    'title'
    """
    annotations = {kind: draw(_annotations(kind, text)) for kind in kinds if draw(st.booleans())}
    if draw(st.booleans()):
        return Facts(annotations=annotations)
    return Facts(
        published=draw(st.none() | intervals()),
        published_at=draw(st.none() | _INSTANTS),
        dateline=draw(st.none() | _datelines(0, 0, "")),
        language=draw(st.none() | st.sampled_from(("en", "de", "fa", "zh", "und", ""))),
        title=draw(st.none() | _WORDS),
        url=draw(st.none() | st.sampled_from(("http://x.example/2017/12/27/a", "not a url", ""))),
        site=draw(st.none() | st.sampled_from(("x.example", ""))),
        form=draw(st.sampled_from(("text", "page"))),
        annotations=annotations,
    )
