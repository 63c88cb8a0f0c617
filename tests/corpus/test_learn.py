"""copydesk learn: recurring lines of a site, as TOML that a person reviews and strip_furniture then uses."""

from __future__ import annotations

import json
import pickle
import tomllib

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from corpus.commands.learn import learn
from corpus.config import Config, ConfigError
from corpus.learn import Learned, Recurring, read_templates, to_toml
from normalize import Facts, Pipeline, strip_furniture
from normalize.furniture.templates import Templates

FRAME = "Tides and ferries"
STORIES = [f"The council met for the {n}th time and would not say what it had decided." for n in range(5)]


def write_pages(path, site: str, stories: list[str]) -> None:
    rows = [{"text": f"{FRAME}\n\n{story}", "url": f"https://www.{site}/{n}"} for n, story in enumerate(stories)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def learn_from(*arguments: object):
    return CliRunner().invoke(learn, [str(each) for each in arguments])


def test_what_recurs_is_learnt_reviewed_and_cut(tmp_path):
    write_pages(tmp_path / "pages.jsonl", "gull.example", STORIES)
    done = learn_from(tmp_path / "pages.jsonl", "-o", tmp_path / "furniture.toml")
    assert done.exit_code == 0, done.output
    assert tomllib.loads((tmp_path / "furniture.toml").read_text(encoding="utf-8")) == {
        "sites": {"gull.example": {"pages": 5, "lines": [{"pages": 5, "text": FRAME}]}}
    }
    templates = read_templates(tmp_path / "furniture.toml")
    step = strip_furniture.using(templates=templates)
    known = Facts(site="gull.example")
    cleaned = Pipeline((step,)).run(f"{FRAME}\n\n{STORIES[0]}", known)
    assert cleaned.text == STORIES[0]
    assert cleaned.changes[0].why == ("strip_furniture:site",)
    assert pickle.loads(pickle.dumps(step)) == step
    assert templates.digest in repr(step)


def test_a_line_on_too_few_pages_is_not_told(tmp_path):
    write_pages(tmp_path / "pages.jsonl", "gull.example", STORIES[:2])
    done = learn_from(tmp_path / "pages.jsonl", "-o", tmp_path / "furniture.toml")
    assert done.exit_code == 3
    assert not (tmp_path / "furniture.toml").exists()
    assert learn_from(tmp_path / "pages.jsonl", "-o", tmp_path / "two.toml", "--least-pages", 2).exit_code == 0


def test_sites_do_not_share_their_lines(tmp_path):
    for number, site in enumerate(("gull.example", "tern.example", "skua.example")):
        write_pages(tmp_path / f"{number}.jsonl", site, STORIES[number : number + 1])
    assert learn_from(tmp_path, "-o", tmp_path / "furniture.toml").exit_code == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("sites = 3", "[sites."),
        ("[pages]\n", "[sites."),
        ("[sites.gull]\nlines = []", "sites.gull: pages must be a number, not None"),
        ("[sites.gull]\npages = 3\nlines = [{ pages = 2 }]", "sites.gull.lines[0]: text must be a string, not None"),
        ("[sites", "Expected"),
    ],
)
def test_what_is_wrong_with_a_reviewed_file_is_said(tmp_path, content, words):
    path = tmp_path / "furniture.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        read_templates(path)
    assert str(path) in str(told.value)
    assert words in str(told.value)


@given(st.text(min_size=1), st.text())
def test_any_line_and_site_come_back_from_the_file(line, site):
    plain = [words.encode("utf-8", "replace").decode() for words in (line, site)]
    written = to_toml(Learned({site: (4, (Recurring(line, 3),))}))
    assert tomllib.loads(written)["sites"] == {plain[1]: {"pages": 4, "lines": [{"pages": 3, "text": plain[0]}]}}


def test_templates_are_an_option_of_the_configuration():
    own = Templates.of({"gull.example": {FRAME: 1.0}})
    pipeline = Config(steps={"strip_furniture": {"templates": own}}).pipeline()
    assert any(step.options.get("templates") == own for step in pipeline.steps)
