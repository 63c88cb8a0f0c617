"""All laws at once: `check_step` and `check_pipeline`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from normalize.calendar import DateInterval
from normalize.facts import UNKNOWN, Facts
from normalize.steps import Editor, Step
from normalize.testing import laws
from normalize.testing.pages import pages
from normalize.testing.texts import clean_texts, hostile_texts, known_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from normalize.pipeline import Cleaned, Pipeline

T = TypeVar("T")
Case = str | tuple[str, Facts]
# The kinds of annotations that `known_facts` can draw values for.
_DRAWABLE = frozenset(
    (
        "title",
        "standfirst",
        "section",
        "author",
        "agency",
        "credit",
        "caption",
        "notice",
        "dateline",
        "published",
        "updated",
    )
)


def check_step(
    step: Step[Any],
    *,
    positive: Iterable[Case] = (),
    negative: Iterable[Case] = (),
    known: SearchStrategy[Facts] | None = None,
    reviewed: Mapping[str, str] | None = None,
    max_examples: int | None = None,
) -> None:
    """Check every law of a step; raise `LawError` with a small example where one does not hold.

    `positive` are at least three texts in which the step finds something, `negative` at least three
    in which it finds nothing; either is a text, or a text with its `Facts`.

    >>> from normalize import collapse_spaces
    >>> check_step(collapse_spaces, positive=("a  b", "a   b", "  a"), negative=("", "a b", "a\\tb"))
    >>> check_step(collapse_spaces, positive=("a  b", "a b", "  a"), negative=("", "a b", "a\\tb"))
    Traceback (most recent call last):
    normalize.testing.laws.LawError: collapse_spaces is not at work on 'a b': it finds nothing in a positive case

    `known` draws the facts that the laws quantify over, in place of `known_facts`; `reviewed` names
    the patterns of the step's module that Rust's engine refuses, with the reason why they are linear.
    The number of examples is that of the Hypothesis profile, unless given. A step named `strip_…` must
    only delete; one named `fold_…` may change clean text, that is its purpose, but not its joiners.
    """
    found, quiet = _paired(positive), _paired(negative)
    laws.picklable(step)
    laws.evaluable(step)
    laws.linear_patterns(step, reviewed)
    cases = found + quiet
    for text, facts in cases:
        _step_laws(step, text, facts)
        for end in _CALENDAR_ENDS:
            laws.total(step, text, replace(facts, published=end, published_at=None))
    laws.not_idle(step, found, quiet)
    for text, facts in cases:
        for variant in variants(text):
            _step_laws(step, variant, facts)
    laws.guard_alike(step, [*(text for text, _ in cases), *_blocks()])
    for text in _blocks():
        laws.guard_sound(step, text)
    _quantify(step, texts_and_facts(step, cases, known), lambda drawn: _step_laws(step, *drawn), max_examples)
    if isinstance(step, Editor):
        clean = laws.joiners_kept if step.name.startswith("fold_") else laws.left_alone
        _quantify(step, clean_texts(), lambda text: clean(step, text), max_examples)


def check_pipeline(
    pipeline: Pipeline,
    *,
    cases: Iterable[Case] = (),
    known: SearchStrategy[Facts] | None = None,
    max_examples: int | None = None,
) -> None:
    """Check every law of a pipeline, on `cases`, dirty pages, hostile strings and clean text.

    A pipeline that leaves line ends as they are breaks a law:

    >>> from normalize import Pipeline, collapse_spaces
    >>> check_pipeline(Pipeline((collapse_spaces,)), cases=("one\\ntwo",))
    Traceback (most recent call last):
    normalize.testing.laws.LawError: Pipeline(…) is not indifferent to line ends on 'one\\r\\ntwo': …
    """
    laws.picklable(pipeline)
    laws.evaluable(pipeline)
    for text, facts in _paired(cases):
        _pipeline_laws(pipeline, text, facts)
    facts_drawn = known if known is not None else known_facts()
    _quantify(pipeline, clean_texts(), lambda text: laws.left_alone(pipeline, text), max_examples)
    _quantify(
        pipeline, st.tuples(hostile_texts(), facts_drawn), lambda drawn: _pipeline_laws(pipeline, *drawn), max_examples
    )

    def on_page(drawn: tuple[str, Facts]) -> None:
        _pipeline_laws(pipeline, *drawn)
        laws.settled(pipeline, *drawn)

    _quantify(pipeline, pages().map(lambda page: (page.text, page.known)), on_page, max_examples)


# The first and the last days that there are: a weekday, a week or a year before or after them is none.
_CALENDAR_ENDS = tuple(
    DateInterval(begin, begin + timedelta(days=1)) for begin in (date.min, date(1, 1, 4), date(9999, 12, 30))
)


def _paired(cases: Iterable[Case]) -> list[tuple[str, Facts]]:
    return [(case, UNKNOWN) if isinstance(case, str) else case for case in cases]


def _step_laws(step: Step[Any], text: str, known: Facts) -> None:
    for law in laws.STEP_LAWS:
        law(step, text, known)
    if step.name.startswith("strip_"):
        laws.deletes_only(step, text, known)
    _result_laws(laws.alone(step, text, known), step)


def _pipeline_laws(pipeline: Pipeline, text: str, known: Facts) -> None:
    for law in laws.PIPELINE_LAWS:
        law(pipeline, text, known)
    _result_laws(pipeline.run(text, known), pipeline)


def _result_laws(cleaned: Cleaned, by: object) -> None:
    for law in laws.RESULT_LAWS:
        law(cleaned, by)


def _quantify(subject: object, drawn: SearchStrategy[T], holds: Callable[[T], None], max_examples: int | None) -> None:
    """Run a check on many examples and raise the smallest failure found."""
    quiet = settings(
        max_examples=max_examples or settings().max_examples,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )

    @quiet
    @given(drawn)
    def everywhere(example: T) -> None:
        holds(example)

    try:
        everywhere()
    except Flaky as error:
        raise laws.LawError("deterministic", subject, "", f"a failure did not come again: {error}") from error


@st.composite
def texts_and_facts(
    draw: DrawFn, step: Step[Any], cases: Sequence[tuple[str, Facts]] = (), known: SearchStrategy[Facts] | None = None
) -> tuple[str, Facts]:
    """Draw a text for a step to be tried on, and what is known of it: hostile, a dirty page, or one of its own cases bent.

    >>> from hypothesis import find
    >>> from normalize import collapse_spaces
    >>> find(texts_and_facts(collapse_spaces), lambda drawn: True)[0]
    ''
    """
    text, facts = "", UNKNOWN
    match draw(st.integers(0, 3 if cases else 1)):
        case 0:
            text = draw(hostile_texts())
        case 1:
            page = draw(pages())
            text, facts = page.text, page.known
        case _:
            text, facts = draw(bent(cases))
    if known is not None:
        return text, draw(known)
    if draw(st.booleans()):
        facts = draw(known_facts(text, [kind for kind in step.reads if kind in _DRAWABLE]))
    return text, facts


# Letters that a pattern which ignores case takes for others: a guard must know them too.
_TWINS = str.maketrans(
    {"s": "ſ", "k": "\u212a", "i": "ı", "I": "İ", " ": "\u00a0", "-": "–", "0": "٠", "1": "１", "\n": "\r\n"}
)


@st.composite
def bent(draw: DrawFn, cases: Sequence[tuple[str, Facts]]) -> tuple[str, Facts]:
    """Draw one of the cases, changed a little: a piece cut, doubled or put in, joined to another, other letters.

    >>> from hypothesis import find
    >>> find(bent([("one  two", UNKNOWN)]), lambda drawn: True)[0]
    'one  two'
    """
    text, known = draw(st.sampled_from(list(cases)))
    for _ in range(draw(st.integers(0, 3))):
        a, b = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        piece = text[a:b]
        other = draw(st.sampled_from(list(cases)))[0]
        text = draw(
            st.sampled_from(
                (
                    text[:a] + text[b:],
                    piece,
                    text[:b] + piece + text[b:],
                    text[:a] + piece.upper() + text[b:],
                    text[:a] + piece.lower() + text[b:],
                    text[:a] + piece.title() + text[b:],
                    text[:a] + piece.translate(_TWINS) + text[b:],
                    text + "\n\n" + other,
                    other + "\n" + text,
                    text + " " + other,
                )
            )
        )
        if draw(st.booleans()):
            text = text[:a] + draw(hostile_texts(max_pieces=2)) + text[a:]
        if len(text) > 20_000:
            break
    return text, known


def variants(text: str) -> Iterator[str]:
    """Yield plain variants of a text: other letters, doubled, surrounded, shortened, without or with one line only.

    >>> list(variants("A b"))[:4]
    ['A B', 'a b', 'a B', 'A\\xa0b']
    """
    yield from (text.upper(), text.lower(), text.swapcase(), text.translate(_TWINS))
    yield from (text + text, f"{text} {text}", f"{text}\n{text}", f"{text}\n\n{text}")
    yield from (
        f"\n{text}\n",
        f" {text} ",
        f"“{text}”",
        f"({text})",
        f"One.\n\n{text}",
        f"{text}\n\nOne.",
        f"One. {text}",
    )
    yield from (text[:1] + text, text + text[-1:], text[1:], text[:-1], text[: len(text) // 2], text[len(text) // 2 :])
    lines = text.split("\n")
    if 1 < len(lines) <= 20:
        for at, line in enumerate(lines):
            yield line
            yield "\n".join(lines[:at] + lines[at + 1 :])


def _blocks(size: int = 64) -> list[str]:
    """Return every character there is, surrogates too, in texts of `size` neighbours; the basic ones also alone."""
    return [
        *("".join(map(chr, range(at, at + size))) for at in range(0, 0x20000, size)),
        *map(chr, range(0x3000)),
    ]
