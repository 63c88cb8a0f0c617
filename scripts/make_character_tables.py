"""Write the generated character tables of normalize/data: `composition.tsv` and `mojibake.tsv`.

Run it when Unicode or ftfy has a new version: `python scripts/make_character_tables.py` (needs unicodedata2).
`tests/normalize/test_characters.py` holds both tables against the running Python and ftfy.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

DATA = Path(__file__).parent.parent / "normalize" / "data"

# Python's \s, and a class that holds all of Python's \w: Rust reads these two otherwise.
SPACE = r"[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
WORD = r"[0-9A-Z_a-z\xaa\xb2\xb3\xb5\xb9\xba\xbc-\xbe\xc0-\u1fff\u203f\u2040\u2054\u2070-\ud7ff\ue000-\U0010ffff]"


def mojibake_rows() -> list[str]:
    """Return ftfy's badness pattern, one alternative a row, in the syntax that Python and Rust share."""
    from ftfy.badness import BADNESS_RE  # noqa: PLC0415 (a development tool: only the writer needs it)

    rows, row, in_class = [], "", False
    for part in re.findall(r"\\.|#[^\n]*|.", BADNESS_RE.pattern, re.DOTALL):
        if in_class:
            row += _escaped(part)
            in_class = part != "]"
        elif part == "|":
            rows.append(row)
            row = ""
        elif part[0] == "#" or part.isspace():
            continue
        else:
            in_class = part == "["
            row += {"\\s": SPACE, "\\w": WORD, "^": "(?:^|\\n)"}.get(part) or _escaped(part)
    return [*rows, row]


def _escaped(part: str) -> str:
    """Return a character that a table cannot show (controls, no-break space, private use) as an escape."""
    if len(part) > 1 or part.isprintable():
        return part
    return f"\\x{ord(part):02x}" if ord(part) < 0x100 else f"\\u{ord(part):04x}"


def composition_rows() -> list[tuple[str, str]]:
    """Return (form, regex class): the characters that are no boundary of a normalization form, and some others.

    Between the basic plane and the emoji the class is coarse, where Python's `re` would try a hundred ranges
    in turn: scripts of antiquity, musical and mathematical signs are all in it. Emoji are not.
    """
    import unicodedata2 as unicode  # noqa: PLC0415 (a development tool: newer than any running Python)

    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    seconds = set(map(chr, [*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]))  # conjoining Hangul
    for c in characters:
        parts = unicode.decomposition(c).split()
        if len(parts) == 2 and parts[0][0] != "<" and unicode.normalize("NFC", c) == c:
            seconds.add(chr(int(parts[1], 16)))

    def inside(form: str) -> str:
        ranges = _ranges(
            {ord(c) for c in characters if unicode.combining(c) or c in seconds or unicode.normalize(form, c) != c}
        )
        between = [r for r in ranges if 0x10000 <= r[0] < 0x1F000]
        coarse = (between[0][0], between[-1][1])
        return _class([r for r in ranges if r not in between] + [coarse])

    return [(form, inside(form)) for form in ("NFC", "NFKC")]


def _class(ranges: list[tuple[int, int]]) -> str:
    def escaped(code: int) -> str:
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

    return "[" + "".join(escaped(a) if a == b else f"{escaped(a)}-{escaped(b)}" for a, b in ranges) + "]"


def _ranges(codes: set[int]) -> list[tuple[int, int]]:
    ordered = sorted(codes)
    cuts = [0, *(n for n, (a, b) in enumerate(pairwise(ordered), 1) if b != a + 1), len(ordered)]
    return [(ordered[a], ordered[b - 1]) for a, b in pairwise(cuts)]


def main() -> None:
    """Write both tables."""
    with (DATA / "mojibake.tsv").open("w", encoding="utf-8") as table:
        table.write(
            "# What ftfy's fix_encoding takes for damage, one alternative a row, in the syntax that Python's re and\n"
            "# Rust's regex share: the guard of fix_mojibake. Written by scripts/make_character_tables.py.\n"
            "pattern\tsource\n"
        )
        table.writelines(f"{row}\tftfy 6.3 badness.BADNESS_RE\n" for row in mojibake_rows())
    with (DATA / "composition.tsv").open("w", encoding="utf-8") as table:
        table.write(
            "# Regex classes of all characters that a normalization form changes, that may combine with the one before,\n"
            "# or whose combining class is not 0. All others are boundaries: text may be cut before them and normalized\n"
            "# piece by piece. More is sound: a newer Unicode than Python's, or whole scripts of antiquity. Written by\n"
            "# scripts/make_character_tables.py.\n"
            "form\tclass\tsource\n"
        )
        source = "Unicode 18.0: DerivedNormalizationProps, DerivedCombiningClass"
        table.writelines(f"{form}\t{ranges}\t{source}\n" for form, ranges in composition_rows())


if __name__ == "__main__":
    main()
