"""Signals of many texts equal those in plain Python, whatever the text, the batch and its order."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import signals as dispatch
from corpus import words
from corpus.plain_signals import plain_signals
from corpus.repetition import group_keys
from corpus.signal_arrays import measure_signals
from corpus.signals import signal_types, text_signals
from normalize.tables import read_table
from normalize.testing import clean

STORY = (
    "The harbour of Ostrava-on-Sea reopened on Monday, the mayor said. “We waited for this,” Ms. Vane told reporters.\n\n"
    "READ MORE\n\n3 likes\n\nThe harbour of Ostrava-on-Sea reopened on Monday, the mayor said. Was it worth it? Yes!\n\n"
    "• First point\n- second point\n\n12 %\n\nThis site uses cookies. Please enable JavaScript.\n\nMore…\n\nTo be continued..."
)
TEXTS = [
    ("a story with notices, bullets, counters", STORY, "en"),
    ("the same line again and again", "Buy now, buy here.\n" * 30, "en"),
    ("one word without end", "na " * 500, "en"),
    ("a word of more than a thousand letters", "x" * 1200 + " is a long word.\nAnd one line.", "en"),
    ("ideographs and kana", "東京は雨。明日も雨でしょう。\n「晴れ」とABC放送が2025年に伝えた。", "ja"),
    ("Thai is left whole", "วันนี้ฝนตก ที่กรุงเทพ", "th"),
    ("Armenian and Devanagari full stops", "Այսօր անձրև է։\nआज बारिश है। कल धूप।", "hi"),
    ("nothing", "", None),
    ("white space alone", " \n\t\u3000\n", "en"),
    ("odd separators", "one\u2028two\x85three\u00a0four\x1cfive", "de"),
    ("blank lines that hold spaces", "First.\n \nSecond.\n\n\n\nSecond.", "en"),
    ("brackets and lorem ipsum", "{ Lorem Ipsum dolor } # # #", "xx"),
    ("dotless and long letters in notices", "prıvacy policy\nlorem ipſum\nJAVASCRİPT\nJAVASCRIPT", "tr"),
    ("lines that differ in a NUL", "one two\none two\0\n\0one two", "en"),
    ("unassigned code points", "\U00031718 \ue000 \U000e0001 \u0378", None),
    ("beyond the first plane", "𝒜 word 😀 𠀀𠀁 end.", "en"),
    *((f"clean {code}", "\n\n".join(paragraphs), code) for code, paragraphs in clean.PARAGRAPHS.items()),
]


def columns(texts: list[str], languages: list[str | None]) -> tuple[pl.Series, pl.Series]:
    return pl.Series("text", texts, dtype=pl.String), pl.Series("language", languages, dtype=pl.String)


def signals(texts: list[str], languages: list[str | None]) -> list[dict[str, object]]:
    measured = measure_signals(texts, languages)
    return [dict(zip(measured, row, strict=True)) for row in zip(*measured.values(), strict=True)]


def check(text: str, language: str | None) -> None:
    assert signals([text], [language])[0] == plain_signals(text, language)


@pytest.mark.parametrize(("text", "language"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_signals_equal_the_plain_ones(text, language) -> None:
    check(text, language)


PIECES = [
    "the ",
    "of ",
    "a ",
    "b ",
    "Mr. ",
    "end. ",
    "\n",
    "\n\n",
    " ",
    "...",
    "…",
    "。",
    "東",
    "ー",
    "!",
    "”",
    "3 likes\n",
    "—",
    "É",
    "é",
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.sampled_from(["en", "ja", None]))
def test_signals_equal_the_plain_ones_on_made_texts(text, language) -> None:
    check(text, language)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_signals_equal_the_plain_ones_on_any_text(text) -> None:
    check(text, None)


@given(st.lists(st.integers(0, 5) | st.integers(0, (1 << 64) - 1), max_size=40))
def test_equal_keys_are_grouped_though_they_differ_in_low_bits_alone(keys) -> None:
    found = group_keys(np.array(keys, np.uint64))
    again = [place for place, key in enumerate(keys) if keys.count(key) > 1]
    assert found.places.tolist() == again
    assert found.firsts.tolist() == [keys.index(keys[place]) for place in again]
    assert [keys[begin] for begin in found.begins] == sorted({keys[place] for place in again})
    assert found.begins.tolist() == [keys.index(keys[begin]) for begin in found.begins]
    assert found.counts.tolist() == [keys.count(keys[begin]) for begin in found.begins]


def test_the_end_of_a_text_is_like_no_word_of_it() -> None:
    # The n-th text holds, after its last word, the character whose number is n - 1, or one near it.
    texts = [f"It said {chr(max(33, n - shift))} and so it said" for shift in (0, 1, 2) for n in range(127)]
    for begin in (0, 127, 254):
        part = texts[begin : begin + 127]
        assert signals(part, ["en"] * len(part)) == [plain_signals(text, "en") for text in part]


def test_neither_the_batch_nor_the_order_matters(monkeypatch) -> None:
    texts = [row[1] for row in TEXTS]
    languages = [row[2] for row in TEXTS]
    alone = [signals([text], [language])[0] for text, language in zip(texts, languages, strict=True)]
    assert signals(texts, languages) == alone
    assert signals(texts[::-1], languages[::-1]) == alone[::-1]
    monkeypatch.setattr(words, "CHUNK", 100)
    assert signals(texts, languages) == alone


@pytest.mark.parametrize("few", [0, 1 << 30])
def test_few_texts_and_many_give_the_same_columns(monkeypatch, few) -> None:
    texts, languages = columns([row[1] for row in TEXTS], [row[2] for row in TEXTS])
    wanted = text_signals(texts, languages)
    monkeypatch.setattr(dispatch, "_FEW", few)
    assert text_signals(texts, languages).equals(wanted)
    assert wanted.schema == {name: kind for name, kind in signal_types().items() if name in wanted.columns}


def test_a_few_texts_are_measured_without_numpy() -> None:
    code = (
        "import sys, polars as pl; from corpus.signals import text_signals;"
        "text_signals(pl.Series(['One.', 'Two.']), pl.Series(['en', None])); sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_text_gives_the_same_columns() -> None:
    none = text_signals(pl.Series("text", [], dtype=pl.String), pl.Series("language", [], dtype=pl.String))
    one = text_signals(pl.Series("text", ["One."]), pl.Series("language", ["en"]))
    assert none.schema == one.schema
    assert none.height == 0


def test_the_table_names_every_signal_with_its_source() -> None:
    rows = read_table("signals")
    assert [row["name"] for row in rows] == list(signal_types())
    assert all(row["definition"] and row["source"] for row in rows)
    assert len({row["name"] for row in rows}) == len(rows)


def test_lists_of_stop_words_hold_different_words() -> None:
    for row in read_table("stop_words"):
        entries = row["words"].split()
        assert 8 <= len(entries) == len(set(entries)) <= 12, row["language"]
