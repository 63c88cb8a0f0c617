"""Folding: typographic characters made plain. These lose something; no preset but your own uses them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from normalize.characters.composition import CLASSES, normalized
from normalize.edits import Edit
from normalize.facts import UNKNOWN, Facts
from normalize.steps import Guard, step

if TYPE_CHECKING:
    from collections.abc import Iterator

_SINGLE = "\u02bc\u2018-\u201b"
_DOUBLE = "\u201c-\u201f"
_DASHES = "\u2010-\u2015\u2212"
_WIDE = "\u3000\uff01-\uff9f\uffe0-\uffe6"
_LIGATURES = "\ufb00-\ufb06"

_QUOTE = re.compile(f"[{_SINGLE}{_DOUBLE}]")
_DASH = re.compile(f"[{_DASHES}]")
_WIDE_RUN = re.compile(f"[{_WIDE}]+")
_LIGATURE = re.compile(f"[{_LIGATURES}]")


@step(rules=("quote",), guard=Guard(pattern=_QUOTE.pattern))
def fold_quotes(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make curly quotation marks and apostrophes straight.

    >>> fold_quotes("“It’s here”")
    '"It\\'s here"'
    >>> fold_quotes("«left» 'alone'")
    "«left» 'alone'"
    """
    for quote in _QUOTE.finditer(text):
        yield Edit(quote.start(), quote.end(), '"' if "\u201c" <= quote[0] <= "\u201f" else "'", "quote")


@step(rules=("dash",), guard=Guard(pattern=_DASH.pattern))
def fold_dashes(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make hyphens, dashes and the minus sign hyphen-minus; an em dash becomes two.

    >>> fold_dashes("2010–2015 — a long‐term view")
    '2010-2015 -- a long-term view'
    >>> fold_dashes("left-alone")
    'left-alone'
    """
    for dash in _DASH.finditer(text):
        yield Edit(dash.start(), dash.end(), "--" if dash[0] in "\u2014\u2015" else "-", "dash")


@step(rules=("width",), guard=Guard(pattern=f"[{_WIDE}]"))
def fold_width(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make fullwidth letters, digits and punctuation and the ideographic space plain, halfwidth kana full.

    >>> fold_width("ＡＢＣ１２３　ｶﾞｽ")
    'ABC123 ガス'
    >>> fold_width("left alone")
    'left alone'
    """
    for run in _WIDE_RUN.finditer(text):
        yield Edit(run.start(), run.end(), unicodedata.normalize("NFKC", run[0]), "width")


@step(rules=("ligature",), guard=Guard(pattern=_LIGATURE.pattern))
def fold_ligatures(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Take typographic Latin ligatures apart.

    >>> fold_ligatures("ofﬁce, aﬄuent")
    'office, affluent'
    >>> fold_ligatures("æon, œuvre")
    'æon, œuvre'
    """
    for ligature in _LIGATURE.finditer(text):
        yield Edit(ligature.start(), ligature.end(), unicodedata.normalize("NFKC", ligature[0]), "ligature")


@step(rules=("nfkc",), guard=Guard(pattern=CLASSES["NFKC"]))
def fold_compatibility(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Replace characters by their compatibility equivalents (NFKC). It changes meaning: 10² becomes 102.

    >>> fold_compatibility("10² ﬁve ＡＢＣ")
    '102 five ABC'
    >>> fold_compatibility("left alone")
    'left alone'
    """
    return normalized(text, "NFKC")
