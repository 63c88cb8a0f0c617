"""Pages: what people look at in a browser. Each is one file that needs no network.

Architecture invariant: text of documents is hostile. It reaches a page only through templates that escape it,
and no script runs but ours: each page's policy names our scripts by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a page must not hold as it is: HTML knows no such character, it would reorder what stands beside
# it, or it cannot be seen. Joiners, marks of direction and no-break spaces do their work in the text and stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ud800-\udfff\ufeff\ufff0-\uffff\U000e0000-\U000e007f]"
)
# Beside these, what is shown where a change is about the characters themselves.
_SPACES = {" ": "·", "\n": "↵\n", "\t": "→\t", "\xa0": "⍽", "\u202f": "⍽", "\u3000": "⬚"}


def render(template: str, scripts: tuple[str, ...], styles: tuple[str, ...], values: Mapping[str, object]) -> str:
    """Return the page that `template` makes of `values`, with scripts and styles inside."""
    codes = [_asset(name) for name in scripts]
    hashes = " ".join(f"'sha256-{_hash(code)}'" for code in codes)
    return (
        _environment()
        .get_template(template)
        .render(
            **values,
            policy=Markup(f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {hashes}"),  # noqa: S704 (ours)
            scripts=[Markup(code) for code in codes],  # noqa: S704
            styles=Markup("\n".join(_asset(name) for name in styles)),  # noqa: S704
        )
    )


def show(text: str) -> Markup:
    """Return `text` for a page: escaped, and what no page can hold or nobody could see written out.

    >>> show("a<b\\u200b")
    Markup('a&lt;b<span class="unseen">U+200B</span>')
    """
    parts = []
    done = 0
    for found in _UNSEEN.finditer(text):
        parts += [escape(text[done : found.start()]), _unseen(found[0])]
        done = found.end()
    return Markup("").join([*parts, escape(text[done:])])


def show_spaces(text: str) -> Markup:
    """Return `text` as `show` does, with line ends to be seen; where it is nothing but space, each kind of space.

    >>> show_spaces("one two\\n"), show_spaces(" \\xa0")
    (Markup('one two↵\\n'), Markup('·⍽'))
    """
    return show(text.replace("\n", "↵\n") if text.strip() else "".join(_SPACES.get(c, c) for c in text))


def _unseen(letter: str) -> Markup:
    return Markup('<span class="unseen">U+{}</span>').format(f"{ord(letter):04X}")


def _hash(code: str) -> str:
    return base64.b64encode(hashlib.sha256(code.encode("utf-8")).digest()).decode("ascii")


@cache
def _asset(name: str) -> str:
    return files("corpus.pages").joinpath(name).read_text("utf-8").strip()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("corpus", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["show"] = show
    made.filters["zip"] = zip
    made.filters["number"] = lambda n: f"{n:,}"
    return made
