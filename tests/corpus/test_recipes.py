"""Recipes are conditions over the columns of the schema; a dropped document is counted by the first that it fails."""

from __future__ import annotations

import json

import polars as pl
import pytest
from click.testing import CliRunner

from corpus.cli import main
from corpus.config import ConfigError, checked_expression, read_config
from corpus.document import SCHEMA
from corpus.recipes import Clause, combine_clauses, read_recipes, split_condition, why_dropped
from corpus.signals import text_signals
from normalize.testing import clean


def reasons(text: str, *recipes: str, language: str = "en") -> str | None:
    texts, languages = pl.Series("text", [text]), pl.Series("language", [language])
    frame = text_signals(texts, languages).with_columns(texts, languages)
    return why_dropped(frame, combine_clauses(recipes)).item()


@pytest.mark.parametrize("clause", [c for each in read_recipes().values() for c in each], ids=lambda c: c.reason)
def test_every_condition_is_one_over_the_columns(clause) -> None:
    names = checked_expression(clause.where).meta.root_names()
    assert set(names) <= SCHEMA.keys()
    assert any(name.startswith("q_") for name in names)


LINE = "The council of the city has met with the builders and that was to be the end of it. "
PROSE = "\n\n".join(clean.PARAGRAPHS["en"])
GOOD = "\n\n".join(f"{LINE}Number {word} was the one that he liked to have with him of all." for word in "ABCDEFGH")


@pytest.mark.parametrize(
    ("text", "recipe", "reason"),
    [
        ("Too short to say.", "gopher", "gopher few_words"),
        ("there people going " * 40, "gopher", "gopher stop_words"),
        ("with that " * 60, "gopher", "gopher top_2gram"),
        ("a b c d the of " * 20, "gopher", "gopher short_words"),
        ("{ " + GOOD, "c4", "c4 curly_bracket"),
        (GOOD + "\n\nLorem ipsum dolor.", "c4", "c4 lorem_ipsum"),
        ("No end\n" * 9, "c4", "c4 sentences"),
        ("MENU\nHOME\nNEWS\n", "refinedweb", "refinedweb flagged_words"),
        ("Home and away\n" * 9, "fineweb", "fineweb ended_lines"),
        ("Short.\n" * 9, "fineweb", "fineweb short_lines"),
        (("A line of some length that stands twice.\n") * 2, "fineweb", "fineweb dup_line_chars"),
        ("One line.", "mc4", "mc4 long_lines"),
    ],
)
def test_what_a_recipe_drops_and_by_which_condition(text, recipe, reason) -> None:
    assert (reasons(text, recipe) or "").partition(":")[0] == reason


@pytest.mark.parametrize("recipe", ["c4", "fineweb", "refinedweb"])
def test_prose_is_kept(recipe) -> None:
    prose = " ".join(f"Sentence number {n} of the story is told with care and to the end." for n in range(9))
    assert reasons(prose, recipe) is None


@pytest.mark.parametrize("language", clean.PARAGRAPHS)
def test_gopher_keeps_news_of_every_language(language) -> None:
    found = reasons("\n\n".join(clean.PARAGRAPHS[language]), "gopher", language=language)
    assert found is None or found.startswith("gopher few_words")


def test_the_first_condition_counts_and_null_is_not_met() -> None:
    rows = pl.DataFrame({"q_words": [1, 60, None], "language": ["en", "de", "en"]})
    clauses = [Clause("few", "q_words >= 50"), Clause("foreign", "language = 'en'")]
    assert why_dropped(rows, clauses).to_list() == ["few", "foreign", "few"]


CONDITIONS = [
    ("q_words >= 50", 1),
    ("q_words > 1 and q_lines > 1 AND\n language = 'en'", 3),
    ("q_words between 2 and 60 and not q_lines between 1 and 3", 2),
    ("(q_words > 1 and q_lines > 1) and language is not null", 2),
    ("q_words > 1 and case when q_lines > 2 and q_words > 9 then true else q_lines > 1 end and q_lines < 9", 3),
    ("q_words > 1 and q_lines > 1 or language = 'de'", 1),
    ("language = 'this and that' and \"q_words\" > 1", 2),
    ("q_words > 1 -- one or two and\n and q_lines > 1 /* and * more */", 2),
    ("coalesce(language, 'and') in ('and', 'en') and q_words is not null", 2),
]


@pytest.mark.parametrize(("where", "count"), CONDITIONS)
def test_the_parts_of_a_condition_keep_what_the_whole_keeps(where, count) -> None:
    rows = pl.DataFrame(
        [(w, n, c) for w in (1, 5, 60, None) for n in (1, 2, 5, None) for c in ("en", "this and that", "de", None)],
        schema={"q_words": pl.UInt32, "q_lines": pl.UInt32, "language": pl.String},
        orient="row",
    )
    parts = [checked_expression(part) for part in split_condition(where)]
    whole = checked_expression(where)
    assert rows.filter(*parts).equals(rows.filter(whole))
    assert len(parts) == count


def test_each_part_of_where_counts_what_it_drops(tmp_path) -> None:
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in (PROSE, "One.", "A {.")))
    (tmp_path / "c.toml").write_text("[keep]\nwhere = 'q_braces = 0 and q_words > 2'\n")
    done = CliRunner().invoke(
        main, ["run", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out"), "--config", str(tmp_path / "c.toml")]
    )
    assert done.exit_code == 0, done.output
    dropped = json.loads((tmp_path / "out/manifest.json").read_text())["account"]["dropped"]
    assert dropped == {"where: q_braces = 0": 1, "where: q_words > 2": 1}


def test_without_conditions_all_is_kept() -> None:
    assert why_dropped(pl.DataFrame({"q_words": [1, 2]}), ()).to_list() == [None, None]
    assert why_dropped(pl.DataFrame({"q_words": []}), ()).to_list() == []


def test_a_run_drops_by_recipe_and_counts_each_condition(tmp_path) -> None:
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps({"text": text}) + "\n" for text in (PROSE, "{ " + PROSE, "Too short.", "Short, too."))
    )
    (tmp_path / "c.toml").write_text('[keep]\nrecipe = ["gopher", "c4"]\nwhere = "q_words > 1"\n')
    done = CliRunner().invoke(
        main, ["run", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out"), "--config", str(tmp_path / "c.toml")]
    )
    assert done.exit_code == 0, done.output
    dropped = json.loads((tmp_path / "out/manifest.json").read_text())["account"]["dropped"]
    assert dropped == {"gopher few_words: q_words >= 50": 2, "c4 curly_bracket: q_braces = 0": 1}
    inputs = pl.read_parquet(tmp_path / "out/inputs.parquet")
    assert inputs.select("rows", "dropped").rows() == [(1, 3)]


def test_an_unknown_recipe_is_named_with_those_there_are(tmp_path) -> None:
    (tmp_path / "c.toml").write_text('[keep]\nrecipe = ["gofer"]\n')
    with pytest.raises(ConfigError, match=r"keep.recipe: there is no 'gofer'; there are c4, .*gopher"):
        read_config(tmp_path / "c.toml")
