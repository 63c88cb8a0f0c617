"""Each law catches the twin that breaks it, by its own name and with a small example."""

from __future__ import annotations

import re

import backwards
import pytest
import twins

from normalize import Facts, Pipeline, collapse_spaces
from normalize.testing import LawError, check_pipeline, check_step, laws
from normalize.whitespace import fix_line_ends

POSITIVE = ("x", "a x b", "x and x again")
NEGATIVE = ("", "a", "none of them")

STEPS = [
    (twins.fix_encodable, "total", POSITIVE),
    (twins.fix_dated, "total", POSITIVE),
    (twins.fix_backwards, "fitting", POSITIVE),
    (twins.fix_beyond, "fitting", ("ax", "a x", "xxx")),
    (twins.fix_nameless, "fitting", POSITIVE),
    (twins.fix_undeclared, "fitting", POSITIVE),
    (twins.fix_unannounced, "fitting", POSITIVE),
    (twins.find_and_edit, "fitting", POSITIVE),
    (twins.fix_once, "deterministic", POSITIVE),
    (twins.strip_first_mark, "idempotent", (">a", ">b", "> c")),
    (twins.collapse_pairs, "idempotent", ("xx", "axxb", "xx xx")),
    (twins.strip_by_dots, "deleting only", POSITIVE),
    (twins.drop_share, "soundly guarded", ("Share this", "please share", "SHARE")),
    (twins.drop_digits, "soundly guarded", ("1²", "20٠", "4 of ٣")),
    (twins.drop_title, "soundly guarded", POSITIVE),
    (twins.drop_white, "alike guarded", ("a  b", "  a", "b  ")),
    (twins.drop_joiners, "leaving clean text alone", ("a\u200cb", "\u200c", "b\u200c")),
    (twins.fold_emoji, "keeping joiners", ("a\u200db", "\u200d", "b\u200d")),
    (twins.drop_nothing, "at work", POSITIVE),
    (twins.drop_all, "at rest", POSITIVE),
    (twins.drop_all, "tried", ("x", "y")),
    (twins.find_shifted, "rightly annotated", POSITIVE),
    (twins.find_halves, "rightly annotated", POSITIVE),
    (twins.find_outside, "rightly annotated", POSITIVE),
    (twins.hidden, "picklable", POSITIVE),
    (twins.fix_opaque.using(by=twins.Opaque()), "picklable", POSITIVE),
    (backwards.drop_doubled, "linear", ("xx", "axx", "aa")),
]


@pytest.mark.parametrize(("twin", "law", "positive"), STEPS, ids=[f"{s.name} is not {law}" for s, law, _ in STEPS])
def test_a_broken_step_is_caught(twin, law, positive) -> None:
    with pytest.raises(LawError) as caught:
        check_step(twin, positive=positive, negative=NEGATIVE, max_examples=200)
    assert caught.value.law == law
    assert twin.name in str(caught.value)
    assert len(str(caught.value.example)) < 500


PIPELINES = [
    (Pipeline((twins.drop_loudly,)), "total"),
    (twins.Moody((collapse_spaces,)), "deterministic"),
    (twins.Forgetful((fix_line_ends, collapse_spaces)), "restorable"),
    (twins.Wordy((fix_line_ends, collapse_spaces)), "minimal"),
    (twins.Anonymous((fix_line_ends, collapse_spaces)), "minimal"),
    (twins.Astray((fix_line_ends, collapse_spaces)), "mapping home"),
    (Pipeline((fix_line_ends, twins.find_halves)), "rightly annotated"),
    (Pipeline((fix_line_ends, twins.fix_crosses, twins.drop_cross)), "leaving clean text alone"),
    (Pipeline((fix_line_ends, twins.drop_digits)), "soundly guarded"),
    (Pipeline((fix_line_ends, twins.strip_first_line)), "idempotent"),
    (Pipeline((collapse_spaces,)), "indifferent to line ends"),
    (Pipeline((twins.hidden,)), "picklable"),
]


@pytest.mark.parametrize(("twin", "law"), PIPELINES, ids=[f"{law}-{n}" for n, (_, law) in enumerate(PIPELINES)])
def test_a_broken_pipeline_is_caught(twin, law) -> None:
    with pytest.raises(LawError) as caught:
        check_pipeline(twin, max_examples=300)
    assert caught.value.law == law


def test_a_guard_speaks_of_the_text_that_earlier_steps_made() -> None:
    pipeline = Pipeline((twins.fix_crosses, twins.drop_cross))
    assert pipeline.run("axxb").entered == ("fix_crosses",)
    with pytest.raises(LawError, match="soundly guarded"):
        laws.guards_skip_nothing(pipeline, "axxb")


def test_a_pipeline_that_never_settles_is_caught() -> None:
    with pytest.raises(LawError, match="idempotent"):
        laws.settled(Pipeline((twins.strip_first_mark,)), ">>a")


def test_a_cut_span_with_a_place_in_the_clean_text_is_caught() -> None:
    cleaned = twins.Astray((twins.find_outside, twins.fix_crosses)).run("x a")
    with pytest.raises(LawError, match="rightly annotated"):
        laws.annotated(twins.Astray((twins.find_halves.using(), twins.fix_crosses)).run("x"))
    with pytest.raises(LawError, match="mapping home"):
        laws.maps_home(cleaned)


def test_an_option_that_does_not_evaluate_back_is_caught() -> None:
    with pytest.raises(LawError, match="evaluable"):
        laws.evaluable(twins.fix_opaque.using(by=twins.Opaque()))


@pytest.mark.thorough
def test_slow_steps_are_caught() -> None:
    with pytest.raises(LawError, match="linear"):
        laws.linear_time(twins.drop_quadratic, ["ab"], size=4000)
    with pytest.raises(LawError, match="linear"):
        laws.linear_time(twins.drop_bounded, ["a"], size=500)
    laws.linear_time(collapse_spaces, ["a  b"], size=4000)


@pytest.mark.parametrize("slow", [r"(a+)+$", r"(?:a|aa)+$", r"\s+$", r"By .*foo", r"(?:\w+\s?)*:"])
def test_slow_patterns_are_caught(slow: str) -> None:
    with pytest.raises(LawError, match="linear"):
        laws.linear_pattern("slow", re.compile(slow))


@pytest.mark.parametrize(
    "quick", [r"  +", r"\b(?:Mon|Tues)day\b", r"^By [A-Z]", r"(?m)^date \d{4}", r"\([^()]{1,40}\)"]
)
def test_quick_patterns_pass(quick: str) -> None:
    laws.linear_pattern("quick", re.compile(quick))


def test_the_error_names_the_law_the_step_and_a_small_example() -> None:
    with pytest.raises(LawError) as caught:
        check_step(twins.collapse_pairs, positive=("xx",) * 3, negative=NEGATIVE)
    error = caught.value
    assert (error.law, error.subject, error.known) == ("idempotent", twins.collapse_pairs, Facts())
    assert str(error).startswith("collapse_pairs is not idempotent on 'xxxx': it makes 'xx', and of that 'x'")
