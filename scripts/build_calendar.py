"""Write normalize/data/calendar.tsv: the names of months and weekdays in many languages, from CLDR (needs babel).

Rows whose source is not CLDR are reviewed by hand and kept as they are.
"""

from __future__ import annotations

import sys
from pathlib import Path

import babel

TABLE = Path(__file__).parent.parent / "normalize" / "data" / "calendar.tsv"
HEADER = "name\tkind\tnumber\tlanguage\tsource"
LANGUAGES = (
    "af am ar ar_DZ ar_LB ar_MA az be bg bn bs ca cs cy da de de_AT el en es et eu fa fi fil fr ga gl gu ha he hi hr"
    " hu hy id ig is it ja ka kk ko ky lt lv mk ml mr ms my nb ne nl nn pa pl ps pt ro ru si sk sl so sq sr sr_Latn"
    " sv sw ta te th tr uk ur uz vi xh yo zh zh_Hant zu"
)


def names_of(code: str) -> set[tuple[str, str, int]]:
    """Return the (name, kind, number) triples that CLDR has for a locale; names folded to lower case."""
    locale = babel.Locale.parse(code)
    found = set()
    for kind, tables in (("month", locale.months), ("weekday", locale.days)):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in tables[context][width].items():
                    bare = " ".join(name.casefold().replace("\u200f", "").strip(" .").split())
                    if not bare.isdecimal():
                        found.add((bare, kind, number))
    return found


def main() -> None:
    """Write the table anew, hand-made rows last."""
    languages: dict[tuple[str, str, int], list[str]] = {}
    for code in LANGUAGES.split():
        for key in sorted(names_of(code)):
            known = languages.setdefault(key, [])
            if (primary := code.partition("_")[0]) not in known:
                known.append(primary)
    source = f"CLDR (babel {babel.__version__})"
    rows = [
        f"{name}\t{kind}\t{number}\t{' '.join(codes)}\t{source}"
        for (name, kind, number), codes in sorted(languages.items(), key=lambda item: (item[0][1:], item[0][0]))
    ]
    old = TABLE.read_text(encoding="utf-8").splitlines()[1:] if TABLE.exists() else []
    rows += [row for row in old if row and not row.split("\t")[-1].startswith("CLDR")]
    TABLE.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} rows\n")


if __name__ == "__main__":
    main()
