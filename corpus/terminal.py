"""Explanations and differences as lines of a terminal: coloured and as wide as it is, or plain in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click
from wcwidth import wcwidth

from corpus.explain import in_reading_order, tell_value
from corpus.meanings import rule_meanings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus.compare import Difference
    from corpus.explain import Explanation, Fact
    from normalize import Change

_AROUND = 30  # characters of context shown at either side of a change
_LONGEST = 160  # characters of a removed text shown
_NARROWEST = 60  # of a terminal that has room for rules beside the text
_LINE = "↵"


class _Cell(NamedTuple):
    """One character as it is shown; `note` is what is told in the margin of its line."""

    letter: str
    style: str = ""
    note: str = ""


_STYLES: dict[str, dict[str, object]] = {
    "": {},
    "-": {"fg": "red", "strikethrough": True},
    "+": {"fg": "green", "underline": True},
    "dim": {"dim": True},
}


def tell_explanation(found: Explanation, *, width: int | None = None) -> Iterator[str]:
    """Yield lines that tell what became of a document: each change with its reason, then the facts, then the text.

    In `width` columns, changes that stand close together are shown as one passage with the rules beside it;
    without, each change has two lines to be searched by other programs.
    """
    yield from _tell_document(found)
    yield from _tell_changes(found, width)
    yield ""
    yield _heading(_number(len(found.facts), "fact"))
    for fact in in_reading_order(found.facts):
        yield _tell_fact(fact)
    yield ""
    yield _heading("Text")
    yield from (shown(line) for line in found.text.split("\n"))


def tell_search(found: Explanation, words: str, *, width: int | None = None) -> Iterator[str]:
    """Yield lines that say what touched `words` in `found`, why, and what to do about it."""
    near = found.near(words)
    yield from _tell_document(found)
    if not near.changes:
        yield f"nothing touched {words!r}: it stands in the text as it stood in the source"
        return
    yield from _tell_changes(near, width)
    yield ""
    for rule in dict.fromkeys(why for change in near.changes for why in change.why):
        meaning = rule_meanings().get(rule)
        yield f"{click.style(rule, fg='cyan')} touched it" + (f": {meaning}" if meaning else "")
        yield f"    to have it leave all such passages: --disable {rule}"


def _tell_document(found: Explanation) -> Iterator[str]:
    yield click.style(f"{shown(found.id)}  {shown(found.place)}", bold=True)
    for name, value in found.about.items():
        yield f"{name:>14}  {shown(value)}"
    yield ""


def _tell_changes(found: Explanation, width: int | None) -> Iterator[str]:
    yield _heading(_number(len(found.changes), "change") + _by_step(found))
    if width is None:
        for change in found.changes:
            yield from _tell_change(found.source, change)
    else:
        for passage in _passages(found.changes):
            yield from _tell_passage(found.source, passage, width)


def tell_difference(found: Difference) -> Iterator[str]:
    """Yield lines that tell how two corpora differ."""
    if found.same:
        yield f"no difference in {found.documents:,} documents"
        return
    yield f"{found.documents:,} documents in both, {found.only_left:,} only left, {found.only_right:,} only right"
    yield f"{found.texts:,} texts differ"
    for name, count in found.facts.items():
        if count:
            yield f"{count:,} documents differ in {name}"
    for row in found.rules.iter_rows(named=True):
        yield f"{click.style(row['rule'], fg='cyan')}  {row['left']:,} changes only left, {row['right']:,} only right"
        for sample in found.samples.filter(rule=row["rule"]).iter_rows(named=True):
            removed, added = shown(_cut(sample["removed"])), shown(_cut(sample["text"]))
            now = f"{{+{added}+}}" if added else ""
            yield f"    {sample['side']:5}  {sample['id']}  {sample['start']}  [-{removed}-]{now}"


def shown(text: str) -> str:
    """Return `text` with what a terminal would hide or act on written out.

    >>> shown("one\\u200btwo\\x1b[31m")
    'one\\\\u200btwo\\\\x1b[31m'
    """
    return "".join(
        c if c.isprintable() or c == "\u3000" else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def _heading(words: str) -> str:
    return click.style(words, bold=True)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _by_step(found: Explanation) -> str:
    steps = [f"{name} {count}" for name, count in found.steps().items()]
    return f": {', '.join(steps)}" if steps else ""


def _tell_change(source: str, change: Change) -> Iterator[str]:
    score = "" if change.score is None else f"  score {change.score:.2f}"
    yield f"{change.start}:{change.end}  {' ← '.join(change.why)}{score}"
    before = shown(source[max(0, change.start - _AROUND) : change.start])
    after = shown(source[change.end : change.end + _AROUND])
    removed = f"[-{shown(_cut(change.removed))}-]" if change.removed else ""
    added = f"{{+{shown(_cut(change.text))}+}}" if change.text else ""
    yield f"    {before}{removed}{added}{after}"


def _passages(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Yield changes in groups that stand so close that their context would overlap."""
    group: list[Change] = []
    for change in changes:
        if group and change.start - group[-1].end > 2 * _AROUND:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _tell_passage(source: str, changes: Sequence[Change], width: int) -> Iterator[str]:
    place = f"{changes[0].start}:{changes[-1].end}"
    yield click.style(f"─── {place} ".ljust(width, "─"), dim=True)
    beside = width >= _NARROWEST
    margin = min(max((len(_note(c)) for c in changes), default=0), width // 2) + 2 if beside else 0
    for line in _wrapped(_cells(source, changes), width - margin):
        notes = [cell.note for cell in line if cell.note]
        text = "".join(_styled(line))
        room = " " * max(0, width - margin - sum(_columns(cell.letter) for cell in line))
        first = click.style(notes[0], fg="cyan") if notes else ""
        yield f"{text}{room}  {first}".rstrip() if beside else text
        for note in notes[1 if beside else 0 :]:
            yield (" " * (width - margin + 2) if beside else "  ") + click.style(note, fg="cyan")


def _cells(source: str, changes: Sequence[Change]) -> Iterator[_Cell]:
    """Yield the characters of a passage: what stayed, what went and what came."""
    done = max(0, changes[0].start - _AROUND)
    for change in changes:
        yield from _cells_of(source[done : change.start], "")
        pieces = [(_cut(change.removed), "-"), (_cut(change.text), "+")]
        cells = [cell for text, style in pieces for cell in _cells_of(text, style)]
        yield cells[0]._replace(note=_note(change)) if cells else _Cell("", "", _note(change))
        yield from cells[1:]
        done = change.end
    yield from _cells_of(source[done : done + _AROUND], "")


def _cells_of(text: str, style: str) -> Iterator[_Cell]:
    for letter in text:
        if letter == "\n":
            yield _Cell(_LINE, style or "dim")
            yield _Cell("\n")
        else:
            yield from (_Cell(c, style) for c in shown(letter))


def _note(change: Change) -> str:
    score = "" if change.score is None else f" {change.score:.2f}"
    return " ← ".join(change.why) + score


def _wrapped(cells: Iterable[_Cell], width: int) -> Iterator[list[_Cell]]:
    """Yield cells in lines of at most `width` columns, broken at spaces where there is one."""
    line: list[_Cell] = []
    used = 0
    for cell in cells:
        if cell.letter == "\n":
            yield line
            line, used = [], 0
            continue
        if used + _columns(cell.letter) > width:
            at = next((n for n in range(len(line), 0, -1) if line[n - 1].letter == " "), len(line))
            yield line[:at]
            line = line[at:]
            used = sum(_columns(c.letter) for c in line)
        line.append(cell)
        used += _columns(cell.letter)
    if line:
        yield line


def _styled(line: Sequence[_Cell]) -> Iterator[str]:
    start = 0
    for n in range(1, len(line) + 1):
        if n == len(line) or line[n].style != line[start].style:
            letters = "".join(cell.letter for cell in line[start:n])
            style = _STYLES[line[start].style]
            yield click.style(letters, **style) if style else letters  # type: ignore[arg-type]
            start = n


def _columns(letter: str) -> int:
    return max(wcwidth(letter), 0) if letter else 0


def _tell_fact(fact: Fact) -> str:
    where = "beside the text" if fact.start is None else f"{fact.start}:{fact.end}"
    words = f"{fact.words!r}  " if fact.words else ""
    return f"{where:>15}  {click.style(fact.kind, fg='cyan')}  {words}{shown(tell_value(fact))}"


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} … {len(text) - 2 * half} more … {text[-half:]}"
