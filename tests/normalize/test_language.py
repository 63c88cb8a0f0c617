"""identify_language: deterministic, total, and silent where it cannot know."""

from __future__ import annotations

import pickle
import random
from typing import Any, cast

import pytest

from normalize import StepError
from normalize.language import Language, identify_language

ENGLISH = "The council met on Tuesday evening and voted to repair the old bridge over the river. "
FRENCH = "Le conseil municipal s'est réuni mardi soir et a voté la réparation du vieux pont. "


@pytest.mark.parametrize("engine", ["cld2", "langdetect"])
def test_the_answer_does_not_depend_on_what_was_asked_before(engine: Any) -> None:
    step = identify_language.using(engine=engine)
    first = step(ENGLISH)
    random.seed(7)
    step(FRENCH)
    assert step(ENGLISH) == first
    assert first is not None
    assert first.code == "en"


def test_an_unknown_engine_is_named_with_the_valid_ones() -> None:
    with pytest.raises(StepError, match="engine must be 'cld2' or 'langdetect', not 'cld4'"):
        identify_language(ENGLISH, engine=cast("Any", "cld4"))


@pytest.mark.parametrize("unfit", ["\0", "\x7f", "\x85", "\ud800", "\ufdd0", "\ufffe", "\U0001ffff", "\ufeff"])
@pytest.mark.parametrize("engine", ["cld2", "langdetect"])
def test_no_character_stops_it(engine: Any, unfit: str) -> None:
    found = identify_language(unfit + ENGLISH + unfit, engine=engine)
    assert found is not None
    assert found.code == "en"
    assert identify_language(unfit * 100, engine=engine) is None


def test_the_beginning_decides() -> None:
    found = identify_language(ENGLISH * 12 + FRENCH * 500)
    assert found is not None
    assert found.code == "en"


def test_a_smaller_share_of_another_language_is_told() -> None:
    found = identify_language(ENGLISH * 6 + FRENCH * 3)
    assert found is not None
    assert found.code == "en"
    assert [code for code, _ in found.others] == ["fr"]


def test_markup_is_text_like_any_other() -> None:
    assert identify_language('<p lang="fr">' + ENGLISH + "</p>") == identify_language(f"-p lang=-fr--{ENGLISH}-p-")


def test_a_language_pickles() -> None:
    found = Language("en", 0.97, (("fr", 0.02),))
    assert pickle.loads(pickle.dumps(found)) == found
