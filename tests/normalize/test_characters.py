"""Characters: guards are sound, tables are what they say, repair is ftfy's."""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ftfy
import pytest
from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES
from hypothesis import given
from hypothesis import strategies as st

from normalize import Edit, Guard, Step, presets
from normalize.characters import compose_characters, fix_entities, fix_mojibake
from normalize.characters.composition import CLASSES
from normalize.tables import read_table

if TYPE_CHECKING:
    from types import ModuleType

SCALARS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and c != 0x0A]
# Every character outside the large blocks of letters all alike, and some of those.
SOME = [c for c in SCALARS if ord(c) < 0x3400 or 0xE000 <= ord(c) < 0x10000 or ord(c) % 61 == 0]
# Steps whose guard is one class of characters: every character can be tried.
BY_CHARACTER = (
    "drop_bidi_controls",
    "drop_controls",
    "drop_invisible",
    "drop_marks",
    "drop_private_use",
    "fix_separators",
    "fix_spaces",
    "fold_dashes",
    "fold_ligatures",
    "fold_quotes",
    "fold_width",
)
PLAIN_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)


def in_every_place(characters: list[str]) -> str:
    """Return a line for each character: alone, in a word, between spaces, and twice."""
    return "".join(f"{c}\nx{c}y\n {c} \n{c}{c}\n" for c in characters)


def lines_touched(step: Step[Any], text: str) -> set[int]:
    starts = [m.end() for m in re.finditer("^|\n", text)]
    touched, line = set(), 0
    for edit in step.find(text):
        assert isinstance(edit, Edit)
        while line + 1 < len(starts) and starts[line + 1] <= edit.start:
            line += 1
        touched.add(line)
    return touched


def missed(step: Step[Any], guard: Guard, characters: list[str]) -> list[str]:
    """Return the lines that the step edits while the guard is quiet on them."""
    text = in_every_place(characters)
    lines = text.split("\n")
    return [lines[n] for n in sorted(lines_touched(step, text)) if guard.quiet(lines[n])]


@pytest.mark.parametrize(
    "characters", [pytest.param(SOME, id="some"), pytest.param(SCALARS, id="all", marks=pytest.mark.thorough)]
)
@pytest.mark.parametrize("name", BY_CHARACTER)
def test_no_character_is_edited_behind_a_quiet_guard(name: str, characters: list[str]) -> None:
    step = presets.STEPS[name]
    assert step.guard is not None
    assert missed(step, step.guard, characters) == []


@pytest.mark.parametrize("name", BY_CHARACTER)
def test_every_weakened_guard_is_caught(name: str) -> None:
    step = presets.STEPS[name]
    assert step.guard is not None
    pattern = step.guard.pattern
    assert pattern is not None
    parts = re.findall(r"(?:\\U.{8}|\\u.{4}|\\x..|\\.|.)(?:-(?:\\U.{8}|\\u.{4}|\\x..|\\.|.))?", pattern[1:-1])
    assert "".join(parts) == pattern[1:-1]
    for part in parts:
        rest = [p for p in parts if p is not part]
        weaker = Guard(pattern=f"[{''.join(rest)}]" if rest else "[^\\x00-\\U0010ffff]")
        inside = re.compile(f"[{part}]")
        tried = [c for c in SOME if inside.match(c)][:50]
        assert missed(step, weaker, tried), f"without {part} nobody would notice"


def test_characters_outside_the_composition_class_are_boundaries() -> None:
    for form in ("NFC", "NFKC"):
        outside = re.sub(CLASSES[form], "", "".join(SCALARS))
        assert not any(map(unicodedata.combining, outside))
        assert unicodedata.is_normalized(form, "\n".join(outside))


def test_second_characters_of_compositions_are_inside() -> None:
    inside = re.compile(CLASSES["NFC"])
    for c in SCALARS:
        parts = unicodedata.decomposition(c).split()
        if len(parts) == 2 and parts[0][0] != "<" and unicodedata.is_normalized("NFC", c):
            assert inside.match(chr(int(parts[1], 16))), c


def test_every_composing_pair_and_every_pair_of_marks_composes_as_unicode_says() -> None:
    pairs = []
    for c in SCALARS:
        nfd = unicodedata.normalize("NFD", c)
        if len(nfd) > 1:
            pairs += [nfd, nfd[0] + nfd[:0:-1], nfd[0] + "\u0323" + nfd[1:]]
    marks = [c for c in SCALARS if unicodedata.combining(c)]
    pairs += [f"q{a}{b}" for a in marks[::7] for b in marks[::11]]
    text = "\n".join(pairs)
    assert compose_characters(text) == unicodedata.normalize("NFC", text)


@given(st.text(st.characters(categories=["L", "M", "Z", "P"])))
def test_composition_equals_unicode(text: str) -> None:
    assert compose_characters(text) == unicodedata.normalize("NFC", text)


def test_endless_marks_are_left_alone_in_linear_time() -> None:
    tower = "o" + "\u0315\u0323" * 500_000  # Python's own normalization would take hours
    assert compose_characters(tower) == tower


# ---------------------------------------------------------------- mojibake


def script() -> ModuleType:
    path = Path(__file__).parents[2] / "scripts" / "make_character_tables.py"
    spec = importlib.util.spec_from_file_location("make_character_tables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_guards_table_is_the_installed_ftfys_pattern() -> None:
    assert [row["pattern"] for row in read_table("mojibake")] == script().mojibake_rows()


def fires_where_ftfy_would(rows: list[str], text: str) -> bool:
    bad = any(BADNESS_RE.search(line) for line in text.splitlines(keepends=True))
    return not bad or re.search("|".join(rows), text) is not None


ROWS = [row["pattern"] for row in read_table("mojibake")]
SUSPECTS = re.findall(
    "[" + "".join(MOJIBAKE_CATEGORIES.values()) + "×à√≈ÂÃÎÐŒœØÙвГРСЂўВ]", "".join(map(chr, range(0x80, 0xFB10)))
)
SUSPICIOUS = st.text(st.one_of(st.sampled_from(SUSPECTS), st.sampled_from(" \n\tabzAZ.,!?_0\u0660\u4e00\u00a0\u3000")))


@given(SUSPICIOUS)
def test_the_guard_fires_wherever_ftfy_sees_damage(text: str) -> None:
    assert fires_where_ftfy_would(ROWS, text)


@given(st.from_regex(BADNESS_RE))
def test_the_guard_fires_on_whatever_badness_matches(text: str) -> None:
    assert fires_where_ftfy_would(ROWS, text)


def test_each_word_and_space_character_counts_in_the_guard() -> None:
    every = "".join(SCALARS)
    assert set(re.findall(r"\w", every)) <= set(re.findall(script().WORD, every))
    assert re.findall(r"\s", every) == re.findall(script().SPACE, every)


# What only one alternative of the pattern sees. Those not named here are seen by others too.
ONLY_BY = {
    0: "\x81",
    1: "é¨",
    2: "aЖ¨",
    3: "¨é",
    4: "éÀ",
    5: "№à",
    6: "é€",
    7: " À€",
    8: "À²",
    9: "é«±",
    10: "é®«",
    11: "²«",
    12: "aÀ«",
    13: "▒Ò",
    14: "é▒",
    15: "▒»",
    16: "é«x",
    17: "œ.",
    18: "À°",
    19: "Â–",
    20: "×²",
    21: "Ø–Ø–",
    22: "à²",
    23: "√±",
    24: "≈°",
    25: "‚Äì",
    26: "‚âà",
    27: "вЂ",
    28: "В«Р",
    29: "ГўВЂВxA",
    31: "aÃ ",
    32: "Ã ",
    33: "!Â ",
    34: "β€™",
    35: "Β«Γ",
}


@pytest.mark.parametrize(("number", "example"), ONLY_BY.items())
def test_a_guard_without_one_of_its_alternatives_is_caught(number: int, example: str) -> None:
    assert BADNESS_RE.search(example), "no longer damage to ftfy"
    assert fires_where_ftfy_would(ROWS, example)
    assert not fires_where_ftfy_would(ROWS[:number] + ROWS[number + 1 :], example)


@pytest.mark.parametrize("number", sorted(set(range(len(ROWS))) - set(ONLY_BY)))
def test_what_the_other_alternatives_see_is_seen_by_others(number: int) -> None:
    others = re.compile("|".join(ROWS[:number] + ROWS[number + 1 :]))
    first, second = re.findall(r"\[(?:[^\]\\]|\\.)+\]|.", ROWS[number])
    every = "".join(SCALARS)
    pairs = [a + b for a in re.findall(first, every) for b in re.findall(second, every)]
    assert pairs
    assert all(map(others.search, pairs))


@given(SUSPICIOUS)
def test_repair_equals_plain_ftfy(text: str) -> None:
    assert fix_mojibake(text) == ftfy.fix_text(text, PLAIN_FTFY)


@given(st.lists(st.sampled_from(["Šé", "ñ – “ok”", "日本", "plain", "Привет", "Łódź"]), min_size=1), st.data())
def test_a_misread_line_is_repaired_whatever_the_others_hold(lines: list[str], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(lines) - 1))
    damaged = "Où est le café d’Amélie ?"
    lines[n] = damaged.encode().decode("latin-1")
    assert fix_mojibake("\n".join(lines)).split("\n")[n] == damaged


@given(st.text("&;amp#x38lt1d7 0<>\nquot", max_size=40))
def test_entities_settle(text: str) -> None:
    once = fix_entities(text)
    assert fix_entities(once) == once
