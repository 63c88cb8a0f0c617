"""Judging a reading: whether a head that was cut into parts is a dateline, by what follows it and what its style demands."""

from __future__ import annotations

import re

from normalize.dateline.heads import GREAT, Head
from normalize.dateline.names import STORY, is_label, may_stand_alone
from normalize.dateline.parts import find_agency

_SENTENCE = 60  # what follows a dateline has at least so many characters, else more must speak for it
_LABEL = re.compile(r"\n[^\S\n]*[A-Z][\w .'’-]{1,30}:")
_CAPTION = re.compile(
    r"\s*(?:[A-Z]{3,9}|[A-Z][a-z]{2,8}\.?) \d{1,2}:"
)  # "NEW YORK, NY – NOVEMBER 01: …", an agency's caption


_ADJECTIVE = re.compile(r"[^\s-]-\s?[a-z]")  # "Norwood, Mass.- based"


def may_be(text: str, head: Head, end: int) -> bool:
    """Return whether a reading has the one thing more that its style demands."""
    body = head.body
    if not body.places:  # an agency alone; without brackets ("AP —") only before a sentence
        return head.agency is not None and (head.mark != "dash" or end - head.end >= _SENTENCE)
    if _CAPTION.match(text, head.end, end) or (body.weight and _ADJECTIVE.match(text, head.end - 2)):
        return False
    if head.agency is not None:
        return _may_be_signed(text, head, end)
    if head.mark == "colon":
        return _may_be_said(text, head, end)
    if body.date is not None:
        return True
    if not body.weight and not body.qualified:
        return body.capitals and _stands_alone(text, head, end)
    if head.mark == "hyphen" and not body.capitals:
        return False
    if body.qualified or body.weight >= GREAT:
        return True
    # "ASP – Afrikanische Schweinepest" explains an abbreviation, and "MIRA | …" leads a teaser
    return end - head.end >= _SENTENCE and text[head.end - 1] != "|" and _may_be_meant(text, head)


_STATED = 60  # of a country or region named alone, or a city of 30,000


def _may_be_signed(text: str, head: Head, end: int) -> bool:
    """Return whether a place beside an agency may be one: "Zugstedt (dpa) –", "Kirumbo, Kenya (CNN)"."""
    body, last = head.body, text[head.end - 1]
    dashed = last in "-–—_"
    if find_agency(head.agency or "") is None and not body.date and not body.qualified:  # an outlet no table has
        if not body.weight:  # "ANNA WINTER (HOST):"
            return (
                body.capitals
                and dashed
                and may_stand_alone(body.places[0].name.upper(), text[head.end : head.end + STORY])
            )
        return body.capitals or body.weight >= GREAT
    if not body.capitals and not body.weight:
        return head.mark == "bracket" and (dashed or body.date is not None)
    if body.capitals or body.date or body.weight >= _STATED or last not in ")]":
        return True
    return body.qualified and end - head.end >= _SENTENCE  # "Anna Winter, Ohio (AP)" is a caption


def _may_be_said(text: str, head: Head, end: int) -> bool:
    """Return whether a place before a colon may be a dateline's: a speaker ("HENRY:") may be called like one.

    It takes a great place, or one in capitals with a day, and no other labels.
    """
    body = head.body
    if body.date is not None and body.weight:
        return body.capitals or body.weight >= _STATED
    return body.weight >= GREAT and len(_LABEL.findall("\n" + text[: end + 3000])) < 2


def _may_be_meant(text: str, head: Head) -> bool:
    """Return whether a small place's name is none of a label ("NO —") or an abbreviation ("ASP –")."""
    name = head.body.places[0].name
    if len(name) <= _SHORTEST:
        return re.search(rf"\b(?:in|at|near|from) {re.escape(name)}\b", text[head.end : head.end + STORY]) is not None
    return not is_label(name)


_SHORTEST = 3
_PROPER = re.compile(r"\W*[A-Z]\S* +\w")
_FOLLOWED = 80  # by so much is such a name: a label is followed by less


def _stands_alone(text: str, head: Head, end: int) -> bool:
    """Return whether a place in capitals that no table knows may be one: "PORT HALLOW — The council met …"."""
    dashes = text[head.end - 1]
    return (
        (dashes in "—–" or text[head.end - 2 : head.end] == "--")
        and end - head.end >= _FOLLOWED
        and _PROPER.match(text, head.end, end) is not None
        and all(may_stand_alone(place.name.upper(), text[head.end : head.end + STORY]) for place in head.body.places)
    )


def weigh_rest(text: str, head: Head, end: int) -> float:
    """Return what the words after a head say for or against it: a sentence follows a dateline."""
    rest = text[head.end : end].strip()
    if not rest:
        return -1.0 if head.body.date or (head.agency and head.body.places) else -4.0
    letter = next((c for c in rest[:8] if c.isalpha()), "")
    if letter.islower():
        return -1.5 if head.agency or head.body.date or head.body.capitals else -2.5
    if not head.body.weight and not head.agency and not head.body.qualified and not head.body.date:
        return 1.0
    return 0.75 if len(rest) >= _SENTENCE else -0.5
