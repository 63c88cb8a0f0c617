"""Facts: what is known about a document before a step looks at its text."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from normalize.calendar import DateInterval
    from normalize.places import Place


# What annotations there are: kind -> what its value is.
KINDS: Mapping[str, str] = {
    "title": "str: the document's headline",
    "standfirst": "str: the sentence or two under the headline",
    "section": "str: the section the page names",
    "tag": "str: one topic or tag",
    "published": "Moment: when the document says it was published",
    "updated": "Moment: when it says it was last updated",
    "author": "str: one author's name",
    "agency": 'str: the agency credited ("AFP" as a closing line)',
    "credit": "str: a photo credit",
    "caption": "str: an image's caption",
    "stamp": 'str: the clock above a post of a live blog, "10:42 GMT"',
    "notice": 'Notice: a closing or correcting notice, "(Reporting by …)", and of which sort it is',
    "language": "Language: the language it is written in",
    "dateline": "Dateline",
    "time": "Time",
    "note": 'str: what a step has to say about its own work, "unsettled"',
}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A fact that a step read: `start` and `end` are None for what never stood in the text."""

    start: int | None
    end: int | None
    kind: str
    value: object


@dataclass(frozen=True, slots=True)
class Span:
    """A value that stood in a text: its words as they were, and where (half-open, code points)."""

    text: str
    start: int
    end: int

    def moved(self, start: int, end: int, text: str) -> Self:
        """Return the same value as it stands in another version of the text."""
        kind: Any = type(self)  # mypy takes no frozen class for hashable
        others = _others(kind)
        if others is None:
            return replace(self, text=text, start=start, end=end)
        return type(self)(text, start, end, *others(self))


@cache
def _others(kind: type[Span]) -> Callable[[Span], tuple[object, ...]] | None:
    """Return what reads the fields after a span's own, None if they cannot all be given by position.

    `dataclasses.replace` is too slow for each time of each text.
    """
    rest = fields(kind)[3:]
    if len(rest) < 2 or not all(f.init and not f.kw_only for f in rest):
        return None
    return attrgetter(*(f.name for f in rest))


@dataclass(frozen=True, slots=True)
class Dateline(Span):
    """Where, when and by whom a story was filed, as its head says."""

    places: tuple[Place, ...] = ()
    agency: str | None = None
    date: DateInterval | None = None
    reporter: str | None = None
    score: float | None = None

    @property
    def place(self) -> str | None:
        """The name of the first place."""
        return self.places[0].name if self.places else None

    @property
    def region(self) -> str | None:
        """The state or province of the first place."""
        return self.places[0].region if self.places else None

    @property
    def country(self) -> str | None:
        """The country of the first place, ISO 3166-1 alpha-2."""
        return self.places[0].country if self.places else None

    @property
    def timezone(self) -> str | None:
        """The IANA zone of the first place."""
        return self.places[0].timezone if self.places else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known before a step: the record's own fields, then what earlier steps read.

    `annotations` holds, for each kind that the step reads and an earlier step provides, what was
    found, in the offsets of the text the step is given; a kind that nobody looked for is missing.
    """

    published: DateInterval | None = None
    published_at: datetime | None = None
    dateline: Dateline | None = None
    language: str | None = None
    title: str | None = None
    url: str | None = None
    site: str | None = None
    form: Literal["text", "page"] = "text"  # "page": opened from HTML
    annotations: Mapping[str, tuple[Annotation, ...]] = field(default_factory=dict)

    def found(self, kind: str) -> tuple[Annotation, ...] | None:
        """Return what earlier steps found of `kind`, None where no step looked for it.

        >>> UNKNOWN.found("dateline") is None
        True
        >>> Facts(annotations={"dateline": ()}).found("dateline")
        ()
        """
        return self.annotations.get(kind)

    def having(self, annotations: Mapping[str, tuple[Annotation, ...]]) -> Facts:
        """Return the same facts with other annotations (`dataclasses.replace` is too slow for each step of each text)."""
        return Facts(
            *(self.published, self.published_at, self.dateline, self.language, self.title, self.url, self.site),
            *(self.form, annotations),
        )


UNKNOWN = Facts()
