"""Heads: a line's first words cut into a dateline's parts, for the styles with commas, brackets and dashes."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from normalize.calendar import parse_day
from normalize.dateline.parts import Body, Setting, day_of_month, find_agency, guess_agency, read_body
from normalize.places import find_country, find_place, find_regions, weigh_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 130  # what a head has at most before its delimiter: three places, states, a day and an agency


class Head(NamedTuple):
    """A reading of a line's head: what it says, where it ends, how strongly it speaks for a dateline."""

    end: int
    body: Body
    agency: str | None
    points: float
    mark: str  # what ends it: "bracket", "slash", "dash", "colon", "hyphen" (glued to the sentence)
    reporter: str | None = None


class Mark(NamedTuple):
    """A mark that may end a dateline or one of its parts."""

    start: int
    end: int
    kind: str
    inside: str


_NOTHING = Body((), None, None, 0.0, 0, capitals=False)
_SIGNS = re.compile(r"[(（\[/|:：_—–―─−।-]")
_BRACKET = re.compile(r"[(（\[]\s*([^()（）\[\]\n]{1,60}?)\s*[)）\]]")  # (AP), [Syria]
_SLASH = re.compile(r"/{1,2}\s?([^/\n]{2,30}?)\s?/{1,2}")  # /TASS/, //UNIAN//, /PRNewswire/
_DASHES = re.compile(r"[—–―─−_-]+")
_TAIL = re.compile(r"\s*[.,]?\s*(?:[—–―─−_]+|-+|[:：।])(?:\s*[—–―─−_-]+)?")


def _marks(head: str, start: int = 0) -> Iterator[Mark]:
    """Yield the marks of a head, at most four, each with what it encloses."""
    count, done = 0, start
    for sign in _SIGNS.finditer(head, start):
        if sign.start() >= done and (mark := _mark(head, sign.start(), start)):
            yield mark
            count, done = count + 1, mark.end
            if mark.kind == "colon" or count == 4:
                return


def _mark(head: str, at: int, start: int) -> Mark | None:
    sign, before = head[at], head[at - 1] if at > start else " "
    if sign in "(（[":
        bracket = _BRACKET.match(head, at)
        return Mark(at, bracket.end(), "bracket", bracket[1]) if bracket and not bracket[1].isdecimal() else None
    if sign == "/":
        slash = _SLASH.match(head, at) if before in " \t.,:" else None
        return Mark(at, slash.end(), "slash", slash[1]) if slash else None
    if sign in ":：।":
        return Mark(at, at + 1, "colon", "")
    if sign == "|":
        return Mark(at, at + 1, "dash", "") if before == " " else None
    return _dash(head, at, before)


def _dash(head: str, at: int, before: str) -> Mark | None:
    dashes = _DASHES.match(head, at)
    end = dashes.end() if dashes else at + 1
    if before == "." and head[at - 2 : at - 1].islower():
        at -= 1  # "(EFE).-", "México.-"
    if end - at > 1 or head[at] != "-" or before.isspace() or end == len(head) or head[end].isspace():
        return Mark(at, end, "dash", "")
    return Mark(at, end, "hyphen", "") if before in ".)" else None


def read_heads(text: str, start: int, end: int, setting: Setting) -> Iterator[Head]:
    """Yield the readings of the line `text[start:end]` as beginning with a dateline, up to one that leaves no doubt."""
    head = text[start : min(end, start + _LONGEST)]
    for mark in _marks(head):
        reading = _read_at(head, mark, setting)
        if reading is not None:
            yield reading._replace(end=start + reading.end)
            if _is_sure(reading, mark, head):
                return


def _is_sure(reading: Head, mark: Mark, head: str) -> bool:
    """Return whether no later mark of the line can be read better: "OSLO (AP) —", "Oslo, Norway -" before plain words."""
    if mark.kind == "bracket":
        return reading.points >= _SIGNED and reading.end > mark.end
    known = mark.kind == "dash" and reading.body.qualified and reading.body.weight >= _SURE
    return known and _MORE.search(head, mark.end, mark.end + _LONG) is None


_MORE = re.compile(r"[\d(（\[/]")  # a day or an agency: "Oslo, Norway — Nov 20 (Reuters) —"
_LONG = 40
_SIGNED = 6.0  # points: a known place, a known agency and a dash


def _read_at(head: str, mark: Mark, setting: Setting) -> Head | None:
    """Return the reading of a head whose first part ends at `mark`."""
    if mark.inside:
        return _signed(head, mark, setting)
    return _delimited(head, mark, setting)


def _signed(head: str, mark: Mark, setting: Setting) -> Head | None:
    """Read "PLACE, day (AP) --", "(AP) --", "day (UPI) —", "PLACE [Country], day (ANI):"."""
    before = head[: mark.start].rstrip(" \t-–—_.") if mark.kind == "bracket" else head[: mark.start].rstrip()
    agency = find_agency(mark.inside)
    if not before:
        return _agency_first(head, mark, agency, setting)
    if not agency and (grown := _qualified(head, before, mark, setting)):
        return grown
    body = read_body(before, setting) or (_on_number(before, setting) if agency else None)
    if body is None or not (body.places or agency):
        return None
    also = not agency and body.weight > 0 and mark.kind == "bracket" and _is_nearby(mark.inside, body)
    signed = None if also else agency or _outlet(mark, body)  # "Breslau (Wroclaw) –": also called so
    if signed is None and not (also and _TAIL.match(head, mark.end)):
        return None
    end = _tail_end(head, mark)
    points = body.points + (3.0 if agency else 1.0) + (1.0 if end > mark.end else 0.0)
    return _with_day(head, Head(end, body, signed, points, mark.kind))


_NUMBER = re.compile(r"[\s,]+(\d{1,2})$")


def _on_number(before: str, setting: Setting) -> Body | None:
    """Return a place with a day that is a number alone, as stands before an agency: "MADRID, 3 (EUROPA PRESS) -"."""
    number = _NUMBER.search(before)
    body = read_body(before[: number.start()], setting) if number and 1 <= int(number[1]) <= 31 else None
    if number is None or body is None or not body.weight or body.date is not None:
        return None
    return body._replace(date=day_of_month(int(number[1]), setting), points=body.points + 2.0)


def _is_nearby(name: str, body: Body) -> bool:
    """Return whether a name may be another one of the body's place: both lie in one country."""
    other = find_place(name)
    return other is not None and other.country in {place.country for place in body.places}


def _tail_end(head: str, mark: Mark) -> int:
    """Return where the dashes or the colon after a bracket end, or the full stop after "/TASS/"."""
    tail = _TAIL.match(head, mark.end)
    if tail is None and mark.kind == "slash" and head[mark.end : mark.end + 1] == ".":
        return mark.end + 1
    return tail.end() if tail else mark.end


def _outlet(mark: Mark, body: Body) -> str | None:
    """Return an outlet that no table has: "BERKELEY (KGO) —"."""
    foreign = not mark.inside.isascii()  # "/أ ش أ/"; in Latin letters slashes stand beside photographers' names too
    told = body.weight or body.date or (body.capitals and mark.kind == "bracket")
    return guess_agency(mark.inside) if told and (mark.kind == "bracket" or foreign or body.capitals) else None


_DAY_AFTER = re.compile(r"\s?([A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}|\d\d/\d\d/\d\d(?:\d\d)?)\s?(?:--+|—|–|/)")


def _with_day(head: str, reading: Head) -> Head:
    """Return the reading with the day that follows its agency: "(BUSINESS WIRE)--Sept. 19, 2025--"."""
    found = _DAY_AFTER.match(head, reading.end)
    return (
        reading._replace(end=found.end(), body=reading.body._replace(date=parse_day(found[1], language="en-US")))
        if found
        else reading
    )


def _qualified(head: str, before: str, mark: Mark, setting: Setting) -> Head | None:
    """Read "Damascus [Syria], June 9 (ANI):", "Dayton (Ohio) –": brackets that hold a region or country."""
    if not any(find_regions(part) or find_country(part) for part in map(str.strip, mark.inside.split(","))):
        return None  # "SPOKANE, Wash. (Northline News) —"
    flat = f"{before}, {mark.inside}"
    body = read_body(flat, setting)
    if body is None or not body.qualified or (mark.inside.isupper() and body.weight < _SURE and _is_known(before)):
        return None  # "WASHINGTON (AP) —": of Andhra Pradesh, there is none
    joined = flat + head[mark.end :]
    shift = mark.end - len(flat)
    for following in islice(_marks(joined, len(flat)), 1):
        reading = _read_at(joined, following, setting)
        return reading._replace(end=reading.end + shift) if reading else None
    return None


_SURE = 100  # of a place that lies in the region or country named


def _is_known(before: str) -> bool:
    """Return whether a place is known, or has its region or country already."""
    return "," in before or weigh_name(before) > 0


def _agency_first(head: str, mark: Mark, agency: str | None, setting: Setting) -> Head | None:
    """Read "(ANSA) - ROMA, 22 MAR -" and "(Reuters) -"."""
    if agency is None:
        return None
    tail = _TAIL.match(head, mark.end)
    after = tail.end() if tail else mark.end
    for following in islice(_marks(head, after), 1) if tail else ():
        body = read_body(head[after : following.start], setting)
        told = body is not None and (body.weight or (body.date and body.capitals))
        if body and told and body.points >= 2 and following.kind in ("dash", "colon"):
            return Head(following.end, body, agency, 4.0 + body.points, "dash")
    return Head(after, _NOTHING, agency, 3.0 + (0.5 if tail else 0.0), mark.kind)


_COMPOSED = re.compile(r"[0-9,/]| (?:AND|and) ")
GREAT = 74  # 370,000 inhabitants: a speaker's label may be called like a smaller place


def _delimited(head: str, mark: Mark, setting: Setting) -> Head | None:
    """Read "PLACE —", "PLACE, day -", "PLACE, day - AGENCY.", "AGENCY -"."""
    before = head[: mark.start].strip(" \t*")
    if mark.kind == "dash" and (agency := find_agency(before)):
        return _agency_first(head, mark._replace(end=mark.start), agency, setting)
    if mark.kind == "colon" and not _COMPOSED.search(before) and weigh_name(before) < GREAT:
        return None
    body = read_body(before, setting)
    if body is None:
        return None
    points = body.points + {"dash": 1.0, "colon": 0.25, "hyphen": 0.5}[mark.kind]
    if (signed := _agency_after(head, mark.end)) is not None:
        return _with_day(head, Head(signed[1], body, signed[0], points + 3.0, mark.kind))
    return Head(mark.end, body, body.agency, points, mark.kind)


_STOP = re.compile(r"[.:](?:\s|$)")


def _agency_after(head: str, start: int) -> tuple[str, int] | None:
    """Return the agency right after a dash, closed by a full stop or another delimiter, and where it ends."""
    for following in islice(_marks(head, start), 1):
        tail = _TAIL.match(head, following.end)
        if following.inside and not head[start : following.start].strip() and (agency := find_agency(following.inside)):
            return agency, tail.end() if tail else following.end
        if not following.inside and (agency := find_agency(head[start : following.start])):
            return agency, following.end
    stop = _STOP.search(head, start)
    if stop and (agency := find_agency(head[start : stop.start()])):
        return agency, stop.start() + 1
    return None
