"""Edits and changes: what a step wants to alter, what was altered, and the way back.

Architecture invariant: this module knows nothing of news and imports nothing of the project.
All offsets are half-open and count code points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Edit(NamedTuple):
    """One replacement that a step proposes in the text it was given."""

    start: int
    end: int
    text: str
    rule: str
    score: float | None = None


class Change(NamedTuple):
    """One replacement that was made: `start` and `end` count in the source text.

    `why` names the authors as `"step:rule"`, first the one that removed most.
    """

    start: int
    end: int
    removed: str
    text: str
    why: tuple[str, ...]
    score: float | None = None


class EditError(ValueError):
    """Edits or changes that do not fit the text they are applied to."""


def apply(text: str, edits: Iterable[Edit | Change]) -> str:
    """Return `text` with sorted, disjoint `edits` made.

    >>> apply("one  two", [Edit(3, 5, " ", "space")])
    'one two'
    >>> apply("left alone", [])
    'left alone'
    >>> apply("short", [Edit(3, 9, "", "cut")])
    Traceback (most recent call last):
    normalize.edits.EditError: edit 3:9 does not fit: it must lie in 0:5, after the one before it
    """
    parts: list[str] = []
    done = 0
    size = len(text)
    for edit in edits:
        start, end = edit[0], edit[1]
        if not done <= start <= end <= size:
            raise EditError(f"edit {start}:{end} does not fit: it must lie in {done}:{size}, after the one before it")
        parts.append(text[done:start])
        parts.append(edit.text)
        done = end
    if not done and not parts:
        return text
    parts.append(text[done:])
    return "".join(parts)


def restore(clean: str, changes: Iterable[Change]) -> str:
    """Return the source from which `changes` made `clean`.

    >>> restore("one two", [Change(3, 5, "  ", " ", ("collapse_spaces:run",))])
    'one  two'
    >>> restore("left alone", [])
    'left alone'
    >>> restore("one-two", [Change(3, 5, "  ", " ", ("collapse_spaces:run",))])
    Traceback (most recent call last):
    normalize.edits.EditError: change 3:5 left ' ' at 3 of the clean text, but '-' stands there
    """
    parts: list[str] = []
    done = 0  # in the clean text
    shift = 0  # clean offset minus source offset
    for change in changes:
        at = change.start + shift
        end = at + len(change.text)
        if at < done or clean[at:end] != change.text:
            raise EditError(
                f"change {change.start}:{change.end} left {change.text!r} at {at} of the clean text,"
                f" but {clean[max(at, 0) : end]!r} stands there"
            )
        parts.append(clean[done:at])
        parts.append(change.removed)
        done = end
        shift = end - change.end
    parts.append(clean[done:])
    return "".join(parts)


def trim(removed: str, text: str) -> tuple[int, int]:
    """Return how many characters `removed` and `text` share at their starts and at their ends.

    >>> trim("don't", "don’t")
    (3, 1)
    >>> trim("aa", "aaa")
    (2, 0)
    """
    shortest = min(len(removed), len(text))
    head = 0
    while head < shortest and removed[head] == text[head]:
        head += 1
    shortest -= head
    tail = 0
    while tail < shortest and removed[-1 - tail] == text[-1 - tail]:
        tail += 1
    return head, tail


def compose(source: str, changes: Sequence[Change], edits: Iterable[Edit], author: str = "") -> list[Change]:
    """Return the changes that lead from `source` straight to the text that `edits` make.

    `edits` count in the text that `changes` made of `source`; `author` is the step they are by.

    >>> first = compose("a--b", [], [Edit(1, 3, "—", "dash")], "fix_dashes")
    >>> first
    [Change(start=1, end=3, removed='--', text='—', why=('fix_dashes:dash',), score=None)]

    Edits that overlap an earlier change become one change with both authors:

    >>> compose("a--b", first, [Edit(1, 3, "", "tail")], "strip_tail")
    [Change(start=1, end=4, removed='--b', text='', why=('strip_tail:tail', 'fix_dashes:dash'), score=None)]

    Edits that only touch stay separate, and an edit that puts back what stood there leaves no trace:

    >>> [c[:4] for c in compose("a--b", first, [Edit(0, 1, "A", "case")], "fix_case")]
    [(0, 1, 'a', 'A'), (1, 3, '--', '—')]
    >>> compose("a--b", first, [Edit(1, 2, "--", "dash")], "unfix_dashes")
    []
    """
    prefix = f"{author}:" if author else ""
    out: list[Change] = []
    todo = iter(edits)
    edit = next(todo, None)
    last = 0  # end of the last edit, in the changed text
    n, total = 0, len(changes)
    shift = 0  # offset in the changed text minus offset in the source, after the changes already passed
    while edit is not None:
        # Changes that end before the edit stay as they are.
        passed = n
        while n < total:
            change = changes[n]
            to = change.start + shift + len(change.text)
            if to >= edit.start:
                break
            shift = to - change.end
            n += 1
        out += changes[passed:n]
        # One group: the next change or edit, and all that overlaps it.
        old: list[Change] = []
        new: list[Edit] = []
        low = high = -1
        before = shift
        alone = last <= edit.start <= edit.end and (n == total or changes[n].start + shift > edit.end)
        if alone:
            new.append(edit)
            low, high = edit.start, edit.end
            last = high
            edit = next(todo, None)
        while not alone:
            if edit is not None and not last <= edit.start <= edit.end:
                raise EditError(_misplaced(edit, last, author))
            if n < total:
                change = changes[n]
                at = change.start + shift
                to = at + len(change.text)
            if n < total and (edit is None or (at, to) <= (edit.start, edit.end)):
                if low >= 0 and not (new and (at < high or at == to == low == high)):
                    break
                old.append(change)
                shift = to - change.end
                n += 1
            elif edit is not None:
                at, to = edit.start, edit.end
                if low >= 0 and not (old and (at < high or at == to == low == high)):
                    break
                new.append(edit)
                last = to
                edit = next(todo, None)
            else:
                break
            low, high = at if low < 0 else low, max(high, to)
        if not new:
            out.extend(old)
            continue
        start, end = low - before, high - shift
        if end > len(source):
            raise EditError(_misplaced(new[-1], last, author))
        removed = source[start:end]
        text = new[0].text if not old and len(new) == 1 else _rewritten(removed, start, low, old, new)
        if removed == text:
            continue
        head, tail = trim(removed, text) if text else (0, 0)
        size = len(text) - tail
        why, score = _authors(prefix, old, new)
        out.append(Change(start + head, end - tail, removed[head : len(removed) - tail], text[head:size], why, score))
    out.extend(changes[n:])
    return out


def _misplaced(edit: Edit, last: int, author: str) -> str:
    return (
        f"edit {edit.start}:{edit.end} of {author or 'a step'} does not fit:"
        f" edits must be sorted, disjoint (from {last} on) and inside the text"
    )


def _rewritten(removed: str, start: int, low: int, old: list[Change], new: list[Edit]) -> str:
    """Return what `removed` becomes when the changes `old` and then the edits `new` are made in it."""
    middle = apply(removed, (c._replace(start=c.start - start, end=c.end - start) for c in old))
    return apply(middle, (e._replace(start=e.start - low, end=e.end - low) for e in new))


def _authors(prefix: str, old: list[Change], new: list[Edit]) -> tuple[tuple[str, ...], float | None]:
    """Return who made a merged change, first who removed most, and that one's score."""
    if not old and len(new) == 1:
        return (prefix + new[0].rule,), new[0].score
    shares: list[tuple[int, tuple[str, ...], float | None]]
    shares = [(e.end - e.start, (prefix + e.rule,), e.score) for e in new]
    shares += [(c.end - c.start, c.why, c.score) for c in old]
    shares.sort(key=lambda share: -share[0])
    return tuple(dict.fromkeys(name for _, why, _ in shares for name in why)), shares[0][2]


class OffsetMap:
    """Where each place of the source stands in the clean text, and the other way round.

    >>> offsets = OffsetMap([Change(0, 4, "By: ", "", ("strip:by",))])
    >>> offsets.to_clean(4, 7), offsets.to_source(0, 3)
    ((0, 3), (4, 7))

    A span that was touched has no place in the clean text:

    >>> offsets.to_clean(2, 7) is None
    True

    `to_clean` answers None unless the span was kept whole; `to_source` widens to the whole of any
    change that it cuts. Both are logarithmic in the number of changes.
    """

    __slots__ = ("_clean_ends", "_clean_starts", "_ends", "_starts")

    def __init__(self, changes: Sequence[Change | Edit]) -> None:
        self._starts = [c.start for c in changes]
        self._ends = [c.end for c in changes]
        growth = list(accumulate((len(c.text) - (c.end - c.start) for c in changes), initial=0))
        self._clean_starts = [c.start + g for c, g in zip(changes, growth, strict=False)]
        self._clean_ends = [c.end + g for c, g in zip(changes, growth[1:], strict=True)]

    def to_clean(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the clean span of the source span `start:end`, None unless it was kept whole."""
        n = bisect_right(self._ends, start)  # the changes that end at or before the span's start
        if n < len(self._starts) and self._starts[n] < end:
            return None
        shift = self._clean_ends[n - 1] - self._ends[n - 1] if n else 0
        return start + shift, end + shift

    def follow(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the source span `start:end` stands with the changes inside it made, None where an edge was cut.

        A space repaired inside a dateline leaves it a dateline:

        >>> offsets = OffsetMap([Change(4, 5, "\\xa0", " ", ("fix_spaces:space",)), Change(9, 12, "cut", "", ("strip:x",))])
        >>> offsets.follow(0, 7), offsets.follow(7, 11)
        ((0, 7), None)
        """
        n = bisect_right(self._ends, start)  # the changes that end at or before the span's start
        m = bisect_left(self._starts, end)  # the changes that begin before its end
        if n < m:
            if self._starts[n] < start or self._ends[m - 1] > end:
                return None
            gone_first = self._starts[n] == start and self._clean_starts[n] == self._clean_ends[n]
            gone_last = self._ends[m - 1] == end and self._clean_starts[m - 1] == self._clean_ends[m - 1]
            if gone_first or gone_last:
                return None
        before = self._clean_ends[n - 1] - self._ends[n - 1] if n else 0
        within = self._clean_ends[m - 1] - self._ends[m - 1] if n < m else before
        return start + before, end + within

    def place(self, at: int) -> int:
        """Return where the source offset `at` stands in the clean text; inside a change, where that change begins."""
        n = bisect_right(self._ends, at)
        if n < len(self._starts) and self._starts[n] < at:
            return self._clean_starts[n]
        return at + (self._clean_ends[n - 1] - self._ends[n - 1] if n else 0)

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span that became the clean span `start:end`."""
        n = bisect_right(self._clean_ends, start)
        if n < len(self._starts) and self._clean_starts[n] <= start:
            first = self._starts[n]
        else:
            first = start - (self._clean_ends[n - 1] - self._ends[n - 1] if n else 0)
        if start == end:
            return first, first
        n = bisect_left(self._clean_starts, end)  # the changes that begin before the span's end
        if n and self._clean_ends[n - 1] >= end:
            return first, self._ends[n - 1]
        return first, end - (self._clean_ends[n - 1] - self._ends[n - 1] if n else 0)
