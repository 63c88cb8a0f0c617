"""Every step and preset obeys every law, and does what its cases say."""

from __future__ import annotations

import sys

import pytest
from cases import FOLDER, Case, all_cases, presets, rows_differ, steps
from hypothesis import assume, given
from reviewed import PATTERNS, SLOW

from normalize import Editor, Facts
from normalize.testing import DIRT, Page, check_pipeline, check_step, laws, pages
from normalize.testing.pumps import pumps


def _of_steps() -> list[object]:
    return [
        pytest.param(case, id=case.id, marks=[pytest.mark.xfail] * case.xfail)
        for file, cases in all_cases().items()
        if not file.startswith("preset_")
        for case in cases
    ]


@pytest.mark.parametrize("case", _of_steps())
def test_case(case: Case) -> None:
    step = case.step
    if isinstance(step, Editor):
        assert step(case.source, known=case.known) == case.expected
    elif isinstance(case.expected, str):
        assert repr(step(case.source, known=case.known)) == case.expected
    else:
        assert not rows_differ(case, list(step.find(case.source, case.known)))


@pytest.mark.parametrize("name", steps())
def test_every_law_of_a_step(name: str) -> None:
    assert name in all_cases(), f"tests/cases/{name}.json is missing"
    good = [case for case in all_cases()[name] if not case.xfail]
    check_step(
        steps()[name],
        positive=_texts([case for case in good if case.positive and not case.options]),
        negative=_texts([case for case in good if not case.positive and not case.options]),
        reviewed=PATTERNS,
    )


@pytest.mark.parametrize("name", presets())
def test_every_law_of_a_preset(name: str) -> None:
    cases = [case for file, cases in all_cases().items() for case in cases]
    check_pipeline(presets()[name], cases=_texts(cases))


def _texts(cases: list[Case]) -> list[tuple[str, Facts]]:
    return [(case.source, case.known) for case in cases]


# What quadratic code is slow on: long runs of one sign, of lines, and of beginnings that never end.
SEEDS = (
    " ",
    "\n",
    "\r\n",
    "a",
    "A",
    "0",
    ".",
    "-",
    "(",
    "[",
    "<",
    "&",
    "“",
    "\u0301",
    "\u200b",
    "Ã©",
    "a ",
    "a\n\n",
    "A. ",
)
SEEDS += (
    "By A ",
    "By A\n",
    "date 2017-12-27 ",
    "Published: ",
    "MANILA, ",
    "(AP) ",
    "— ",
    "on Tuesday ",
    "Tuesday (",
    "10:00 ",
)
SEEDS += (
    "Share\n",
    "Read more: a\n\n",
    "(file photo)\n",
    "Photo: A",
    "http://a.b/",
    "1/2/",
    "last ",
    "AFP\n",
    "<p>",
    "&amp;",
    "'",
)


@pytest.mark.parametrize("name", steps())
def test_a_step_is_not_hopelessly_slow(name: str) -> None:
    if name in SLOW:
        pytest.xfail(SLOW[name])
    laws.linear_time(steps()[name], SEEDS, size=1000)


@pytest.mark.thorough
@pytest.mark.parametrize("name", steps())
def test_a_step_takes_linear_time(name: str) -> None:
    laws.linear_time(steps()[name], SEEDS, size=4000)


@pytest.mark.thorough
@pytest.mark.parametrize("name", steps())
def test_a_step_takes_linear_time_on_what_slows_its_patterns(name: str) -> None:
    room = ".".join(steps()[name].__module__.split(".")[:2])
    modules = [module for module in sys.modules if f"{module}.".startswith(f"{room}.")]
    for module in modules:
        for _, pattern in laws.patterns_of(module):
            for head, body, tail in dict.fromkeys(pumps(pattern)):
                if body:
                    laws.linear_time(steps()[name], [body, head + body, body + tail], size=4000)


@pytest.mark.thorough
@pytest.mark.parametrize("name", presets())
def test_a_preset_takes_linear_time(name: str) -> None:
    laws.linear_time(presets()[name], SEEDS, size=4000)


@pytest.mark.parametrize("name", presets())
def test_a_preset_gives_the_story_of_a_page_whose_letters_alone_were_soiled(name: str) -> None:
    if name == "decode":
        pytest.skip("decode leaves letters as they are")

    @given(pages(dirt=("spaces", "invisible", "mojibake", "blank lines", "line ends")))
    def gives_the_story(page: Page) -> None:
        assert presets()[name].run(page.text, page.known).text == page.story.text

    gives_the_story()


@pytest.mark.parametrize("kind", [kind for kind in DIRT if kind != "mojibake"])
def test_news_takes_one_kind_of_dirt_away_and_leaves_the_story(kind: str) -> None:
    @given(pages(dirt=(kind,), languages=("en",)))
    def gives_the_story(page: Page) -> None:
        assume(page.known.title or kind != "headline")  # a first line alone may be the story's own
        assert presets()["news"].run(page.text, page.known).text == page.story.text

    gives_the_story()


def test_no_case_file_is_forgotten() -> None:
    tests = "".join(path.read_text("utf-8") for path in FOLDER.parent.rglob("*.py"))
    orphans = [p.stem for p in FOLDER.glob("*.json") if p.stem not in all_cases() and p.stem not in tests]
    assert orphans == []


@pytest.mark.parametrize("name", all_cases())
def test_labels_are_unique(name: str) -> None:
    labels = [case.label for case in all_cases()[name]]
    assert len(labels) == len(set(labels))
