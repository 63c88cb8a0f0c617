"""Composition: one spelling for each character, by Unicode's normalization forms."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Literal

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Facts
from normalize.steps import Guard, step
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

Form = Literal["NFC", "NFKC"]
# Unicode's stream-safe format allows 30 marks in a row; no language comes near. Longer runs are drawings or
# attacks (Python's normalization is quadratic in them): they are left alone.
_MOST_MARKS = 30


# Regex classes of the characters that are no boundary of a form (and some that are), alike in Python and Rust.
CLASSES = {row["form"]: row["class"] for row in read_table("composition")}


@step(rules=("nfc",), guard=Guard(pattern=CLASSES["NFC"], beyond_ascii=True))
def compose_characters(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Compose letters and their marks into one character where Unicode has one (NFC).

    >>> compose_characters("Cafe\\u0301, A\\u030a")
    'Café, Å'

    What has no composed form is left alone, such as Yoruba's marked vowels below a tone:

    >>> compose_characters("e\\u0323\\u0300") == "ẹ\\u0300"
    True
    >>> compose_characters("ﬁ ² ＡＢＣ")
    'ﬁ ² ＡＢＣ'
    """
    return normalized(text, "NFC")


def normalized(text: str, form: Form) -> Iterator[Edit]:
    """Yield the edits that bring `text` into `form`, one a cluster of a character and its marks."""
    if _long_run(form).search(text) is None and unicodedata.is_normalized(form, text):
        return
    for cluster in _clusters(form).finditer(text):
        old = cluster[0]
        new = old if _too_many_marks(old) else unicodedata.normalize(form, old)
        if new != old:
            yield Edit(cluster.start(), cluster.end(), new, form.lower())


@cache
def _clusters(form: Form) -> re.Pattern[str]:
    inside = CLASSES[form]
    return re.compile(f"[^{inside[1:-1]}]?{inside}+")


@cache
def _long_run(form: Form) -> re.Pattern[str]:
    return re.compile(f"{CLASSES[form]}{{{_MOST_MARKS},}}")


def _too_many_marks(cluster: str) -> bool:
    if len(cluster) <= _MOST_MARKS:
        return False
    run = 0
    for character in cluster:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _MOST_MARKS:
            return True
    return False
