"""The page of one document: source and clean text side by side, and what was read from it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from corpus.explain import in_reading_order, step_of, tell_value
from corpus.meanings import rule_meanings
from corpus.pages import render, show, show_spaces
from normalize import presets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.explain import Explanation, Fact
    from normalize import Change

_Mark = tuple[int, int, int, str]  # from, to, number and kind of the fact that stands there

_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
_HUES = (210, 25, 140, 285, 55, 345, 180, 95, 250, 5, 160, 320)
# Within so many days of its middle a timeline tells hours from days; what lies outside stands at its edge.
_REACH = timedelta(days=8)
_CALENDAR = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2})(?::([0-9]{2}))?(?::[0-9]{2})?)?)?)?")
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Row:
    """One passage of the page: the source's line and what it became."""

    left: list[Markup] = field(default_factory=list)
    right: list[Markup] = field(default_factory=list)
    worded: bool = False  # whether any letter stands on the right


@dataclass(frozen=True, slots=True)
class Bar:
    """A time on the timeline: `left` and `width` in percent; `beyond` is "before" or "after" where it lies outside.

    `zone` is empty where no zone is known: it is drawn as if it were told in UTC.
    """

    fact: int
    words: str
    told: str
    zone: str
    left: float
    width: float
    beyond: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Times from `begin` to `end`, and the days marked between."""

    begin: str
    end: str
    published: float | None
    ticks: tuple[tuple[float, str], ...]
    bars: tuple[Bar, ...]


def render_explanation(found: Explanation, *, words: str = "", home: str = "") -> str:
    """Return the page of a document; `words` are searched for when it opens, `home` is a page to go back to."""
    facts = in_reading_order(found.facts)
    steps = found.steps()
    hues = {name: _HUES[n % len(_HUES)] for n, name in enumerate(steps)}
    language = found.about.get("language", "")
    values = {
        "found": found,
        "title": found.about.get("title") or found.id,
        "language": language,
        "direction": "rtl" if language in _RTL else "ltr",
        "rows": list(align(found, facts, hues)),
        "steps": [(name, count, hues[name], describe_step(name)) for name, count in steps.items()],
        "changes": [_plain_change(change) for change in found.changes],
        "meanings": _meanings(found.changes),
        "facts": [(n, fact, tell_value(fact)) for n, fact in enumerate(facts)],
        "places": list(_places(facts)),
        "timeline": place_times(facts, found.about),
        "words": words,
        "home": home,
        "removed": sum(c.end - c.start for c in found.changes),
    }
    return render("document.html", ("page.js", "document.js"), ("page.css", "document.css"), values)


def describe_step(name: str) -> str:
    """Return what a step does, the first sentence of its documentation; nothing for a step unknown here.

    >>> describe_step("collapse_spaces")
    'Make every run of spaces one space.'
    """
    step = presets.STEPS.get(name)
    return " ".join((step.__doc__ or "").split("\n\n")[0].split()) if step else ""


def align(found: Explanation, facts: Sequence[Fact], hues: Mapping[str, int]) -> Iterator[Row]:
    """Yield the source and the clean text line by line, side by side: a line ends where both texts keep its end."""
    marks = _marks(facts)
    row = Row()
    done = 0
    for n, change in enumerate(found.changes):
        *ended, row = _kept(found.source, done, change.start, marks, row)
        yield from ended
        _add_change(row, n, change, hues)
        done = change.end
        # "Share↵" that went from between two lines is a row of its own, so that what follows stands side by side.
        if change.removed.endswith("\n") and (change.text.endswith("\n") or not (change.text or row.worded)):
            yield row
            row = Row()
    yield from _kept(found.source, done, len(found.source), marks, row)


def _kept(source: str, start: int, end: int, marks: Sequence[_Mark], row: Row) -> list[Row]:
    """Return `row` with the kept text source[start:end] added, and a new one after each line end."""
    rows = [row]
    for at, to, fact, kind in _pieces(start, end, marks):
        for n, line in enumerate(source[at:to].split("\n")):
            if n:
                rows.append(Row())
            if line:
                rows[-1].worded = True
                for side in (rows[-1].left, rows[-1].right):
                    side.append(_marked(show(line), fact, kind))
    return rows


def _marks(facts: Sequence[Fact]) -> list[_Mark]:
    """Return where facts stand, disjoint: the later one begins where the earlier ends."""
    marks = []
    done = 0
    for n, fact in enumerate(facts):
        if fact.start is None or fact.end is None or fact.kind == "language":
            continue
        start = max(fact.start, done)
        if start < fact.end:
            marks.append((start, fact.end, n, fact.kind))
            done = fact.end
    return marks


def _pieces(start: int, end: int, marks: Sequence[_Mark]) -> Iterator[_Mark]:
    """Yield start:end in pieces that each belong to one fact, or to -1."""
    n = bisect_left(marks, start, key=lambda mark: mark[1])
    while start < end:
        mark = marks[n] if n < len(marks) else (end, end, -1, "")
        if mark[0] > start:
            to = min(mark[0], end)
            yield start, to, -1, ""
        else:
            to = min(mark[1], end)
            if to > start:
                yield start, to, mark[2], mark[3]
            n += 1
        start = to


def _marked(text: Markup, fact: int, kind: str) -> Markup:
    if fact < 0:
        return text
    return Markup('<span class="fact fact-{}" data-f="{}">{}</span>').format(kind, fact, text)


def _add_change(row: Row, n: int, change: Change, hues: Mapping[str, int]) -> None:
    step = step_of(change)
    marked = Markup('<{0} class="change" data-c="{1}" data-step="{2}" style="--h:{3}">{4}</{0}>')
    whole = not change.text
    if change.removed:
        row.left.append(marked.format("del", n, step, hues[step], show_spaces(change.removed)))
    else:
        row.left.append(_seam(n, step, hues[step]))
    if whole:
        row.right.append(_seam(n, step, hues[step]))
    else:
        added = marked.format("ins", n, step, hues[step], show_spaces(change.text))
        row.right.append(added)
        row.worded = True
        row.left.append(Markup('<span class="inline" aria-hidden="true">{}</span>').format(added))


def _seam(n: int, step: str, hue: int) -> Markup:
    """Return a mark where the other side has something and this one nothing."""
    return Markup('<span class="change seam" data-c="{}" data-step="{}" style="--h:{}"></span>').format(n, step, hue)


def _plain_change(change: Change) -> list[Any]:
    """Return what the page's script tells of a change: who made it, where, how much went and came, and its score."""
    score = None if change.score is None else f"{change.score:.2f}"
    return [" ← ".join(change.why), change.start, change.end, len(change.removed), len(change.text), score]


def _meanings(changes: Sequence[Change]) -> dict[str, str]:
    known = rule_meanings()
    return {why: known[why] for change in changes for why in change.why[:1] if why in known}


def _places(facts: Sequence[Fact]) -> Iterator[tuple[str, str]]:
    for fact in facts:
        if fact.kind == "dateline":
            for place in fact.value.get("places") or ():
                where = ", ".join(place[k] for k in ("region", "country") if place.get(k))
                yield place["name"], " · ".join(part for part in (where, place.get("timezone") or "") if part)


def place_times(facts: Sequence[Fact], about: Mapping[str, str]) -> Timeline | None:
    """Return the times whose begin and end are known, on one line around the day of publication."""
    known = [
        (n, fact, *bounds) for n, fact in enumerate(facts) if fact.kind == "time" and (bounds := _bounds(fact.value))
    ]
    if not known:
        return None
    begins = sorted(begin for _, _, begin, _ in known)
    published = about.get("published_at") or about.get("published", "").partition("/")[0]
    middle = _instant(published) if published else begins[len(begins) // 2]
    middle = min(max(middle, _FIRST + 2 * _REACH), _LAST - 2 * _REACH)
    low, high = middle - _REACH, middle + _REACH
    near = [(b, e) for _, _, b, e in known if b < high and e > low and e - b <= 2 * _REACH]
    low = min([max(b, low) for b, _ in near] + [middle]) - timedelta(hours=6)
    high = max([min(e, high) for _, e in near] + [middle + timedelta(days=1)]) + timedelta(hours=6)
    span = high - low
    same: dict[object, list[tuple[int, Fact, datetime, datetime]]] = {}
    for time in known:  # a moment told ten times is one lane
        same.setdefault((*time[2:], time[1].value.get("zone")), []).append(time)
    bars = tuple(_bar(times, low, span) for times in same.values())
    day = (low + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    ticks = []
    while day < high:
        ticks.append((round(100 * ((day - low) / span), 2), f"{day:%d %b}"))
        day += timedelta(days=1)
    step = max(1, (len(ticks) + 7) // 8)
    shown = round(100 * ((middle - low) / span), 2) if published else None
    return Timeline(f"{low:%Y-%m-%d %H:%M}", f"{high:%Y-%m-%d %H:%M}", shown, tuple(ticks[::step]), bars)


def _bounds(value: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """Return when a time begins and ends: in UTC where that is known, else as its value says it on any clock.

    >>> _bounds({"value": "2019-12"})
    (datetime.datetime(2019, 12, 1, 0, 0, tzinfo=datetime.timezone.utc), datetime.datetime(2020, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))
    """
    if value.get("begin") and value.get("end_at"):
        return _instant(value["begin"]), _instant(value["end_at"])
    found = _CALENDAR.fullmatch(value.get("value") or "")
    if found is None:
        return None
    year, month, day, hour, minute = (int(part) if part else None for part in found.groups())
    try:
        begin = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, tzinfo=UTC)
        if minute is not None:
            return begin, begin + timedelta(minutes=1)
        if hour is not None:
            return begin, begin + timedelta(hours=1)
        if day is not None:
            return begin, begin + timedelta(days=1)
        ends = (begin.year + (month in (None, 12)), (month or 12) % 12 + 1)
        return begin, datetime(*ends, 1, tzinfo=UTC)
    except (ValueError, OverflowError):  # "2019-02-30", "9999"
        return None


def _bar(times: Sequence[tuple[int, Fact, datetime, datetime]], low: datetime, span: timedelta) -> Bar:
    n, fact, begin, end = times[0]
    left = min(max((begin - low) / span, 0.0), 1.0)
    right = min(max((end - low) / span, 0.0), 1.0)
    beyond = "before" if end <= low else "after" if begin >= low + span else ""
    zoned = bool(fact.value.get("begin"))
    told = f"{begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} {'UTC' if zoned else ', no zone known'}".replace(" ,", ",")
    return Bar(
        n,
        fact.words if len(times) == 1 else f"{fact.words} × {len(times)}",
        told,
        (fact.value.get("zone") or "UTC") if zoned else "",
        round(100 * min(left, 0.99), 2),
        round(100 * max(right - left, 0.01), 2),
        beyond,
    )


def _instant(told: str) -> datetime:
    """Return an instant in UTC from ISO 8601."""
    found = datetime.fromisoformat(told)
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:  # in the first or the last hours of the calendar
        return found.replace(tzinfo=UTC)
