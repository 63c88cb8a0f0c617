"""Every step and preset obeys every law, and does what its cases say."""

from __future__ import annotations

import pytest
from cases import FOLDER, Case, all_cases, presets, rows_differ, steps
from reviewed import PATTERNS

from normalize import Editor, Facts
from normalize.testing import check_pipeline, check_step


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
    if name not in all_cases():
        pytest.skip("no cases yet")
    good = [case for case in all_cases().get(name, []) if not case.xfail]
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


def test_no_case_file_is_forgotten() -> None:
    tests = "".join(path.read_text("utf-8") for path in FOLDER.parent.rglob("test_*.py"))
    orphans = [p.stem for p in FOLDER.glob("*.json") if p.stem not in all_cases() and p.stem not in tests]
    assert orphans == []


@pytest.mark.parametrize("name", all_cases())
def test_labels_are_unique(name: str) -> None:
    labels = [case.label for case in all_cases()[name]]
    assert len(labels) == len(set(labels))
