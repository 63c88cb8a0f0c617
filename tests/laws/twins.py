"""Broken twins: steps and pipelines that each break one law, and would pass for good ones otherwise."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from normalize import (
    UNKNOWN,
    Annotation,
    Cleaned,
    Edit,
    Facts,
    Guard,
    OffsetMap,
    Pipeline,
    Span,
    every,
    step,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# -- total


@step()
def fix_encodable(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Raise on lone surrogates."""
    text.encode("utf-8")
    for mark in re.finditer("x", text):
        yield Edit(*mark.span(), "y", "x")


@step(reads=("published",))
def fix_dated(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Raise where only the month is known."""
    if known.published is not None and known.published.day is None:
        raise ValueError(known.published)
    for mark in re.finditer("x", text):
        yield Edit(*mark.span(), "y", "x")


# -- fitting


@step()
def fix_backwards(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Yield edits from the end on."""
    for mark in reversed(list(re.finditer("x", text))):
        yield Edit(*mark.span(), "y", "x")


@step()
def fix_beyond(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Yield an edit that ends after the text."""
    if text.endswith("x"):
        yield Edit(len(text) - 1, len(text) + 1, "y", "x")


@step()
def fix_nameless(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Yield edits without a rule."""
    for mark in re.finditer("x", text):
        yield Edit(*mark.span(), "y", "")


@step(rules=("y",))
def fix_undeclared(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Yield edits of a rule that it does not declare."""
    for mark in re.finditer("x", text):
        yield Edit(*mark.span(), "y", "x")


@step(provides=("title",))
def fix_unannounced(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit | Annotation]:
    """Yield an annotation that it does not provide."""
    for mark in re.finditer("x", text):
        yield Annotation(*mark.span(), "caption", "x")
        yield Edit(*mark.span(), "y", "x")


@step(provides=("title",), answer=every(str))
def find_and_edit(text: str, *, known: Facts = UNKNOWN) -> Iterator[Any]:
    """Edit, though a reader."""
    for mark in re.finditer("x", text):
        yield Annotation(*mark.span(), "title", "x")
        yield Edit(*mark.span(), "y", "x")


# -- deterministic

_SEEN: list[str] = []


@step()
def fix_once(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Remember what it saw, and do nothing the second time."""
    if text in _SEEN:
        _SEEN.remove(text)
    elif "x" in text:
        _SEEN.append(text)
        yield Edit(text.index("x"), text.index("x") + 1, "y", "x")


# -- idempotent


@step()
def strip_first_mark(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Cut one leading mark; the next one leads then."""
    if text.startswith(">"):
        yield Edit(0, 1, "", "mark")


@step()
def collapse_pairs(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Halve runs, so that runs of four take two runs."""
    for pair in re.finditer("xx", text):
        yield Edit(pair.start(), pair.end(), "x", "pair")


# -- deletes only


@step()
def strip_by_dots(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Put an ellipsis where it cut."""
    for mark in re.finditer("x", text):
        yield Edit(*mark.span(), "…", "x")


# -- soundly guarded


@step(guard=Guard(literals=("share", "Share", "SHARE")))
def drop_share(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Ignore case where the guard does not: sHARE, and ſhare."""
    for words in re.finditer("share", text, re.IGNORECASE):
        yield Edit(*words.span(), "", "share")


@step(guard=Guard(pattern="[0-9]"))
def drop_digits(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    r"""Find every other `\d`, where the guard knows ASCII only."""
    for digits in re.finditer(r"[²٣٠]", text):
        yield Edit(*digits.span(), "", "digit")


@step(reads=("title",), guard=Guard(literals=("x",)))
def drop_title(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Cut what is known, whatever the guard says."""
    for title in known.found("title") or ():
        if title.start is not None and title.end is not None and title.start < title.end:
            yield Edit(title.start, title.end, "", "title")
            return
    for mark in re.finditer("x", text):
        yield Edit(*mark.span(), "", "x")


@step(guard=Guard(pattern=r"\s"))
def drop_white(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    r"""Trust `\s` to mean the same in Rust, which does not count U+001C."""
    for white in re.finditer(r"\x1c| (?= )", text):
        yield Edit(*white.span(), "", "white")


# -- leaving clean text alone, keeping joiners


@step()
def drop_joiners(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Take zero-width non-joiners for dirt."""
    for mark in re.finditer("\u200c", text):
        yield Edit(*mark.span(), "", "joiner")


@step()
def fold_emoji(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Split emoji sequences."""
    for mark in re.finditer("\u200d", text):
        yield Edit(*mark.span(), " ", "joiner")


# -- at work and at rest


@step()
def drop_nothing(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Do nothing at all, which keeps most laws."""
    yield from ()


@step()
def drop_all(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Leave nothing."""
    if text:
        yield Edit(0, len(text), "", "all")


# -- rightly annotated


@step(provides=("time",), answer=every(Span))
def find_shifted(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    """Say that a word stands one place further."""
    for mark in re.finditer("x", text):
        yield Annotation(mark.start(), mark.end(), "time", Span("x", mark.start() + 1, mark.end() + 1))


@step(provides=("time",), answer=every(str))
def find_halves(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    """Give a start and no end."""
    for mark in re.finditer("x", text):
        yield Annotation(mark.start(), None, "time", "x")


@step(provides=("time",), answer=every(str))
def find_outside(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    """Count from one."""
    for mark in re.finditer("x", text):
        yield Annotation(mark.start() + 1, mark.end() + 1, "time", "x")


# -- picklable, evaluable


def _hidden() -> Any:
    @step()
    def fix_hidden(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
        """Stand where pickle cannot find it."""
        for mark in re.finditer("x", text):
            yield Edit(*mark.span(), "y", "x")

    return fix_hidden


hidden = _hidden()


class Opaque:
    """A value whose repr says nothing."""


@step()
def fix_opaque(text: str, *, known: Facts = UNKNOWN, by: object = None) -> Iterator[Edit]:
    """Take an option that does not evaluate back."""
    for mark in re.finditer("x", text):
        yield Edit(*mark.span(), "y", "x")


# -- results


@step()
def drop_loudly(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Raise on a NUL, which clean text has none of."""
    if "\x00" in text:
        raise ValueError(text)
    yield from ()


@step()
def strip_first_line(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Cut one line that shares; another may follow."""
    if text.startswith(("Share", "Sign up", "ADV", "Adv")) and "\n\n" in text:
        yield Edit(0, text.index("\n\n") + 2, "", "share")


class Forgetful(Pipeline):
    """Forget what one change removed."""

    def run(self, text: str, known: Facts = UNKNOWN) -> Cleaned:
        cleaned = super().run(text, known)
        return replace(cleaned, changes=tuple(c._replace(removed="?") for c in cleaned.changes))


class Wordy(Pipeline):
    """Claim to have changed one character more than was changed."""

    def run(self, text: str, known: Facts = UNKNOWN) -> Cleaned:
        cleaned = super().run(text, known)
        if not cleaned.changes or not cleaned.changes[0].start:
            return cleaned
        first, *rest = cleaned.changes
        before = text[first.start - 1]
        wordy = first._replace(start=first.start - 1, removed=before + first.removed, text=before + first.text)
        return replace(cleaned, changes=(wordy, *rest))


class Anonymous(Pipeline):
    """Forget who changed what."""

    def run(self, text: str, known: Facts = UNKNOWN) -> Cleaned:
        cleaned = super().run(text, known)
        return replace(cleaned, changes=tuple(c._replace(why=()) for c in cleaned.changes))


class _Misplaced(Cleaned):
    """A result that takes every offset to be the same in source and clean text."""

    def offsets(self) -> OffsetMap:
        return OffsetMap(())


class Astray(Pipeline):
    """Map no offset."""

    def run(self, text: str, known: Facts = UNKNOWN) -> Cleaned:
        c = super().run(text, known)
        return _Misplaced(c.source, c.text, c.changes, c.annotations, c.facts, c.entered)


class Moody(Pipeline):
    """Do its work every other time."""

    turns: list[int] = []  # noqa: RUF012 (that is the defect)

    def run(self, text: str, known: Facts = UNKNOWN) -> Cleaned:
        self.turns.append(1)
        return super().run(text if len(self.turns) % 2 else text + " ", known)


@step(guard=Guard(literals=("xx",)))
def drop_cross(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Be guarded for what stands in the source, not for what an earlier step makes of it."""
    for mark in re.finditer("yy|xx", text):
        yield Edit(*mark.span(), "", "cross")


@step()
def fix_crosses(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make x y."""
    for mark in re.finditer("x", text):
        yield Edit(*mark.span(), "y", "x")


@step()
def drop_quadratic(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Look at the whole text again for each character."""
    for at, character in enumerate(text):
        if text.count(character, at) < 0:
            yield Edit(at, at + 1, "", "never")


_HEAD = re.compile("(?:a|aa)+;")


@step()
def drop_bounded(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Look at the head alone, in exponential time."""
    if head := _HEAD.match(text[:30]):
        yield Edit(*head.span(), "", "head")
