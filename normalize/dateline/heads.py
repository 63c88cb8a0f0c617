"""Heads: a line's first words cut into a dateline's parts, for the styles with commas, brackets and dashes."""

from __future__ import annotations

import re
from typing import NamedTuple

from normalize.dateline.parts import Body, Setting, find_agency, guess_agency, read_body

_LONGEST = 120  # what a head has at most before its delimiter: three places, states, a day and an agency


class Head(NamedTuple):
    """A reading of a line's head: what it says, where it ends, how strongly it speaks for a dateline."""

    end: int
    body: Body
    agency: str | None
    points: float


# What may stand between a dateline's parts, or end it.
_BOUNDARY = re.compile(
    r"""
      \s*[(（\[]\s*(?P<bracket>[^()（）\[\]\n]{1,60}?)\s*[)）\]]          # (AP), [Syria]
    | (?:(?<=[\s.,])|^)/{1,2}\s?(?P<slash>[^/\n]{2,30}?)\s?/{1,2}         # /TASS/, /PRNewswire/
    | (?P<dash>\s*[.,]?(?:\s*[—–―─−]+|\s*-{2,}|\s*_+|\s-|-(?=\s|$)|(?<=[.)])-))  # every kind of dash
    | (?P<colon>\s?[:：])
    | (?P<bar>\s\|\s)
    """,
    re.VERBOSE,
)
_TAIL = re.compile(r"\s*[.,]?\s*(?:[—–―─−]+|-+|_+|[:：]|(?<=/)\.)(?:\s*(?:[—–―─−]+|-+|_+))?")
_STOP = re.compile(r"\s?[.:]")


def read_heads(text: str, start: int, end: int, setting: Setting) -> list[Head]:
    """Return the readings of the line `text[start:end]` as beginning with a dateline."""
    head = text[start : min(end, start + _LONGEST)]
    found = []
    for boundary in _BOUNDARY.finditer(head):
        reading = _read_at(head, boundary, setting)
        if reading is not None:
            found.append(reading._replace(end=start + reading.end))
        if boundary["colon"] or len(found) == 3:
            break
    return found


def _read_at(head: str, boundary: re.Match[str], setting: Setting) -> Head | None:
    """Return the reading of a head whose first part ends at `boundary`."""
    before = head[: boundary.start()]
    if boundary["bracket"] or boundary["slash"]:
        return _signed(head, before, boundary, setting)
    if boundary["colon"]:
        return _delimited(head, before, boundary.end(), 0.25, setting)
    return _delimited(head, before, boundary.end(), 1.0, setting)


def _signed(head: str, before: str, boundary: re.Match[str], setting: Setting) -> Head | None:
    """Read "PLACE, day (AP) --", "(AP) --", "day (UPI) —", "PLACE [Country], day (ANI):"."""
    inside = boundary["bracket"] or boundary["slash"]
    agency = find_agency(inside)
    if not before.strip():
        return _agency_first(head, boundary, agency, setting)
    if not before.endswith(")") and not agency and (grown := _qualified(head, before, inside, boundary, setting)):
        return grown
    body = read_body(before.rstrip("-–— "), setting)
    if body is None:
        return None
    signed = agency or (guess_agency(inside) if body.known else None)
    if signed is None:
        return None
    tail = _TAIL.match(head, boundary.end())
    points = body.points + (3.0 if agency else 1.0) + (1.0 if tail else 0.0)
    return Head(tail.end() if tail else boundary.end(), body, signed, points)


def _qualified(head: str, before: str, inside: str, boundary: re.Match[str], setting: Setting) -> Head | None:
    """Read "Damascus [Syria], June 9 (ANI):", "Dayton (Ohio) –": brackets that hold a region or country."""
    flat = f"{before}, {inside}"
    body = read_body(flat, setting)
    if body is None or not body.known or body.points < 3:
        return None
    rest = head[boundary.end() :]
    joined = flat + rest
    shift = len(before) + len(boundary.group()) - len(flat)
    for following in _BOUNDARY.finditer(joined, len(flat)):
        reading = _read_at(joined, following, setting)
        return reading._replace(end=reading.end + shift) if reading else None
    return None


def _agency_first(head: str, boundary: re.Match[str], agency: str | None, setting: Setting) -> Head | None:
    """Read "(ANSA) - ROMA, 22 MAR -" and "(Reuters) -"."""
    if agency is None:
        return None
    tail = _TAIL.match(head, boundary.end())
    after = tail.end() if tail else boundary.end()
    none = Body((), None, None, 0.0, known=False, capitals=False)
    if tail:
        for following in _BOUNDARY.finditer(head, after + 1):
            body = read_body(head[after : following.start()], setting)
            if body and body.points >= 2 and not following["bracket"]:
                return Head(following.end(), body, agency, 4.0 + body.points)
            break
    return Head(after, none, agency, 3.0 + (0.5 if tail else 0.0))


def _delimited(head: str, before: str, end: int, points: float, setting: Setting) -> Head | None:
    """Read "PLACE —", "PLACE, day -", "PLACE, day - AGENCY.", "AGENCY -"."""
    if agency := find_agency(before.strip()):
        return Head(end, Body((), None, None, 0.0, known=False, capitals=False), agency, 1.5 + points)
    body = read_body(before, setting)
    if body is None:
        return None
    signed = _agency_after(head, end)
    if signed is not None:
        return Head(signed[1], body, signed[0], body.points + points + 3.0)
    return Head(end, body, body.agency, body.points + points)


def _agency_after(head: str, start: int) -> tuple[str, int] | None:
    """Return the agency that stands right after a dash, closed by a full stop or another delimiter, and the end."""
    for following in list(_BOUNDARY.finditer(head, start))[:1]:
        if following.start() - start < 2 and following["bracket"] and (agency := find_agency(following["bracket"])):
            tail = _TAIL.match(head, following.end())
            return agency, tail.end() if tail else following.end()
        if not following["bracket"] and (agency := find_agency(head[start : following.start()])):
            return agency, following.end()
    stop = _STOP.search(head, start)
    if stop and (agency := find_agency(head[start : stop.start()])):
        return agency, stop.end()
    return None
