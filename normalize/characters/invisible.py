"""Invisible characters: controls, zero-width characters, direction marks, icons of private fonts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Facts
from normalize.steps import Guard, step

if TYPE_CHECKING:
    from collections.abc import Iterator

# All C0 and C1 controls but tab, line feed and what `fix_line_ends` and `fix_separators` make a line feed;
# a terminal's colour codes go whole.
_CONTROLS = "\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f"
_CONTROL = re.compile(f"\\x1b\\[[0-9;]*[A-Za-z]|[{_CONTROLS}]")

# Invisible wherever they stand: byte order mark, word joiner, interlinear annotation, object replacement,
# deprecated format characters, noncharacters.
_NOWHERE = "\\ufeff\\u2060\\ufff9-\\ufffc\\u206a-\\u206f\\ufffe\\uffff"
# Part of the spelling in some scripts: grapheme joiner, Mongolian vowel separator, non-joiner and joiner.
_JOINERS = "\\u034f\\u180e\\u200c\\u200d"
# Where a line may be broken: soft hyphen, zero-width space.
_HYPHEN = "\\xad"
_BREAK = "\\u200b"
_INVISIBLE = re.compile(f"[{_NOWHERE}{_HYPHEN}{_BREAK}{_JOINERS}]+")
_NO_HYPHENS = re.compile(f"[{_NOWHERE}{_BREAK}{_JOINERS}]+")
_NO_JOINERS = re.compile(f"[{_NOWHERE}{_HYPHEN}{_BREAK}]+")
_NEVER_NEEDED = re.compile(f"[{_NOWHERE}]+")
# Thai, Lao, Tibetan, Burmese, Khmer, Javanese and their kin write no spaces: a zero-width space parts words.
_UNSPACED = re.compile("[\\u0e00-\\u109f\\u1700-\\u17ff\\u1950-\\u19ff\\u1a00-\\u1aaf\\u1b00-\\u1bff\\ua980-\\uaadf]")
# Scripts that join nothing, their punctuation and digits: there a joiner or a non-joiner says nothing. All
# other scripts, and emoji, keep theirs.
_PLAIN = re.compile(
    "[\\x00-\\xa8\\xaa-\\xad\\xaf-\\u02ff\\u0370-\\u058f\\u1c80-\\u1c8f\\u1d00-\\u1d7f\\u1e00-\\u200a\\u2010-\\u2027\\u202f-\\u203b\\u203d-\\u2048\\u204a-\\u205f\\u20a0-\\u20cf]"
)

_BIDI = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
_BIDI_RUN = re.compile(f"[{_BIDI}]+")
_RIGHT_TO_LEFT = re.compile(
    "[\\u0590-\\u061b\\u061d-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\U00010800-\\U00010fff\\U0001e800-\\U0001efff]"
)

_PRIVATE = "\\ue000-\\uf8ff\\U000f0000-\\U000ffffd\\U00100000-\\U0010fffd"
_PRIVATE_RUN = re.compile(f"[{_PRIVATE}]+")
# Chinese and Japanese texts write rare characters (HKSCS, gaiji) with private code points.
_EAST_ASIAN = re.compile(
    "[\\u2e80-\\u2fff\\u3005-\\u30ff\\u3100-\\u31ff\\u3400-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\U00020000-\\U0003ffff]"
)


@step(rules=("control", "escape"), guard=Guard(pattern=f"[{_CONTROLS}]"))
def drop_controls(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Delete control characters (C0 and C1) and terminal escapes; tabs and line ends stay.

    >>> drop_controls("a\\x00b\\x1b[31mred\\x1b[0m\\tend\\n")
    'abred\\tend\\n'

    Joiners and direction marks, which are no controls, are left alone:

    >>> drop_controls("می\\u200cروم\\u200f") == "می\\u200cروم\\u200f"
    True
    """
    for control in _CONTROL.finditer(text):
        yield Edit(control.start(), control.end(), "", "control" if len(control[0]) == 1 else "escape")


@step(rules=("mark",), guard=Guard(pattern=f"[{_NOWHERE}]", beyond_ascii=True))
def drop_marks(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Delete byte order marks, word joiners and other marks that no script needs and no single-byte encoding has.

    >>> drop_marks("\\ufeffTwo files\\n\\ufeffjoined")
    'Two files\\njoined'

    Soft hyphens and joiners are left alone; `drop_invisible` knows where they are needed:

    >>> drop_marks("Inter\\xadnational می\\u200cروم") == "Inter\\xadnational می\\u200cروم"
    True

    It comes before `fix_mojibake`, because a mark inside garbled letters hides that they are garbled.
    """
    for run in _NEVER_NEEDED.finditer(text):
        yield Edit(run.start(), run.end(), "", "mark")


@step(rules=("invisible",), guard=Guard(pattern=f"[{_NOWHERE}{_HYPHEN}{_BREAK}{_JOINERS}]", beyond_ascii=True))
def drop_invisible(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Delete byte order marks, soft hyphens and zero-width characters, where no script needs them.

    >>> drop_invisible("\\ufeffInter\\xadnational\\u200b news")
    'International news'

    Persian, Indic and South-East Asian spelling and emoji need theirs:

    >>> text = "می\\u200cروم, क्\\u200dष, ไทย\\u200bไทย, 👩\\u200d🚀"
    >>> drop_invisible(text) == text
    True

    A soft hyphen between spaces stands for a dash and is kept.
    """
    for run in _INVISIBLE.finditer(text):
        before, after = text[max(run.start() - 1, 0) : run.start()], text[run.end() : run.end() + 1]
        if _UNSPACED.match(before) or _UNSPACED.match(after):
            pointless = _NEVER_NEEDED
        elif _foreign(before) or _foreign(after):
            pointless = _NO_JOINERS
        elif before == after == " ":
            pointless = _NO_HYPHENS
        else:
            pointless = _INVISIBLE
        for part in pointless.finditer(text, run.start(), run.end()):
            yield Edit(part.start(), part.end(), "", "invisible")


def _foreign(character: str) -> bool:
    return character != "" and _PLAIN.match(character) is None


@step(rules=("direction",), guard=Guard(pattern=f"[{_BIDI}]", beyond_ascii=True))
def drop_bidi_controls(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Delete direction marks on lines without any right-to-left letter, where they are pointless.

    >>> drop_bidi_controls("\\u200eLeft to right\\u202c")
    'Left to right'
    >>> drop_bidi_controls("שלום\\u200f!") == "שלום\\u200f!"
    True
    """
    last, pointless = -1, False  # of the line that was looked at last
    for run in _BIDI_RUN.finditer(text):
        if run.start() > last:
            first = text.rfind("\n", 0, run.start()) + 1
            last = text.find("\n", run.end())
            last = len(text) if last < 0 else last
            pointless = _RIGHT_TO_LEFT.search(text, first, last) is None
        if pointless:
            yield Edit(run.start(), run.end(), "", "direction")


@step(rules=("icon",), guard=Guard(pattern=f"[{_PRIVATE}]", beyond_ascii=True))
def drop_private_use(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Delete private-use characters, the icons of a page's own fonts; inside words and in Chinese they stay.

    >>> drop_private_use("\\uf09a Share")
    ' Share'
    >>> drop_private_use("深\\ue4c6埗") == "深\\ue4c6埗"
    True
    """
    for run in _PRIVATE_RUN.finditer(text):
        before, after = text[max(run.start() - 1, 0) : run.start()], text[run.end() : run.end() + 1]
        inside_word = before.isalpha() and after.isalpha()
        if not (inside_word or _EAST_ASIAN.match(before) or _EAST_ASIAN.match(after)):
            yield Edit(run.start(), run.end(), "", "icon")
