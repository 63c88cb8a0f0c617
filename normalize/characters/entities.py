"""Entities: HTML's character references left in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Facts
from normalize.steps import Guard, settle, step

if TYPE_CHECKING:
    from collections.abc import Iterator

# "&amp;amp;lt;": what was escaped twice is decoded at once. Only references with their semicolon count:
# "this&not that" and "?a=1&copy=2" are no damage.
_REFERENCE = re.compile(r"&(?:(?:amp|AMP|#38|#x26);)*([A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_RETURN = frozenset({"#13", "#xd", "#x0d"})


@step(rules=("entity", "return"), guard=Guard(pattern="&#?[A-Za-z0-9]{2,32};"))
@settle()
def fix_entities(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Decode the HTML character references that were left in a text.

    >>> fix_entities("Rock &amp; roll, caf&eacute;, it&#8217;s P&EACUTE;REZ")
    'Rock & roll, café, it’s PÉREZ'
    >>> fix_entities("escaped twice: AT&amp;amp;T")
    'escaped twice: AT&T'
    >>> fix_entities("AT&T, this&not that, ?a=1&copy=2, &nosuch; &#0;")
    'AT&T, this&not that, ?a=1&copy=2, &nosuch; &#0;'

    A carriage return becomes a line feed and takes the one after it along.
    """
    for reference in _REFERENCE.finditer(text):
        start, end = reference.span()
        if reference[1].lower() in _RETURN:
            yield Edit(start, end + text.startswith("\n", end), "\n", "return")
        elif (new := _decoded(reference[1])) != reference[0]:
            yield Edit(start, end, new, "entity")


def _decoded(name: str) -> str:
    """Return the character that a reference stands for, the reference where it stands for none of text's."""
    from html import unescape  # noqa: PLC0415 (its 2,231 names take 5 ms to load)

    reference = f"&{name};"
    new = unescape(reference)
    if ";" in new and new != ";" and name.isupper():  # databases that put names in capitals: "P&EACUTE;REZ"
        new = unescape(reference.lower()).upper()
    nothing = ";" in new and new != ";"  # "&notit;" would be read as "&not" and "it;"
    odd = not new or any(c == "\ufffd" or (c < " " and c not in "\n\t") for c in new)
    return reference if nothing or odd else new
