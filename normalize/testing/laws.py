"""The laws that every step and every pipeline obeys, each a function of its own.

A law returns nothing where it holds and raises `LawError` where it does not. Laws over texts take
the step and one text with what is `known`; laws over results take what became of one text
(`Cleaned`), from a pipeline or from `alone`.
"""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from normalize.edits import Edit, EditError, apply, compose, restore
from normalize.facts import UNKNOWN, Annotation, Facts, Span
from normalize.pipeline import Cleaned, Pipeline
from normalize.steps import Editor, Reader, Step, known_in
from normalize.testing.pumps import slowest
from normalize.testing.rust import rust_refuses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Found = Edit | Annotation


class LawError(AssertionError):
    """A law that does not hold: which, for whom, and on what example."""

    def __init__(self, law: str, subject: object, example: object, why: str, known: Facts = UNKNOWN) -> None:
        self.law = law
        self.subject = subject
        self.example = example
        self.known = known
        given = "" if known == UNKNOWN else f", known={known!r}"
        super().__init__(f"{subject!r} is not {law} on {_short(example)}{given}: {why}")


def _short(example: object) -> str:
    words = ascii(example) if isinstance(example, str) and not example.isprintable() else repr(example)
    return words if len(words) <= 600 else f"{words[:400]} … {words[-150:]}"


# -- laws of one step on one text


def total(step: Step[Any], text: str, known: Facts = UNKNOWN) -> list[Found]:
    """Check that the step does not raise; return what it finds.

    >>> from normalize import collapse_spaces
    >>> len(total(collapse_spaces, "one  two"))
    1
    """
    try:
        found = list(step.find(text, known))
        if callable(step):
            step(text, known=known)
    except EditError:
        pass  # edits that do not fit are the law `fitting`
    except Exception as error:
        raise LawError("total", step, text, f"it raised {type(error).__name__}: {error}", known) from error
    return found


def fitting(step: Step[Any], text: str, known: Facts = UNKNOWN) -> None:
    """Check that edits are sorted, disjoint, named and inside the text, and annotations announced.

    >>> from normalize import collapse_spaces
    >>> fitting(collapse_spaces, "one  two")
    """
    last = 0
    for item in step.find(text, known):
        if isinstance(item, Annotation):
            if item.kind != "note" and item.kind not in step.provides:
                raise LawError("fitting", step, text, f"it yields {item.kind!r}, which it does not provide", known)
            continue
        if isinstance(step, Reader):
            raise LawError("fitting", step, text, f"a reader never edits, it yields {item}", known)
        if not last <= item.start <= item.end <= len(text):
            raise LawError("fitting", step, text, f"{item} is not sorted, disjoint and inside the text", known)
        if not item.rule or ":" in item.rule:
            raise LawError("fitting", step, text, f"{item} needs a rule's name, without a colon", known)
        if step.rules and item.rule not in step.rules:
            raise LawError("fitting", step, text, f"{item} names a rule that the step does not declare", known)
        last = item.end


def deterministic(step: Step[Any], text: str, known: Facts = UNKNOWN) -> None:
    """Check that the same text and facts give the same findings again, also after another text.

    >>> from normalize import collapse_spaces
    >>> deterministic(collapse_spaces, "one  two")
    """
    before = list(step.find(text, known))
    for _ in step.find("Another  text.", UNKNOWN):
        pass
    if (after := list(step.find(text, known))) != before:
        raise LawError("deterministic", step, text, f"it found {before}, then {after}", known)


def idempotent(step: Step[Any], text: str, known: Facts = UNKNOWN) -> None:
    """Check that a second run on the step's own output changes nothing, with what is known held.

    Annotations that are known move with the text; those that were cut are gone.

    >>> from normalize import collapse_spaces
    >>> idempotent(collapse_spaces, "one   two")
    """
    cleaned = alone(step, text, known)
    again = alone(step, cleaned.text, known_in(known, cleaned.offsets(), cleaned.text))
    if again.text != cleaned.text:
        why = f"it makes {_short(cleaned.text)}, and of that {_short(again.text)}"
        raise LawError("idempotent", step, text, why, known)


def deletes_only(step: Step[Any], text: str, known: Facts = UNKNOWN) -> None:
    """Check that the output is a subsequence of the input: nothing is added, nothing moves.

    >>> from normalize import collapse_spaces
    >>> deletes_only(collapse_spaces, "one  two")
    """
    output = alone(step, text, known).text
    rest = iter(text)
    if not all(character in rest for character in output):
        raise LawError("deleting only", step, text, f"it puts in what did not stand there: {_short(output)}", known)


def guard_sound(step: Step[Any], text: str, known: Facts = UNKNOWN) -> None:
    """Check that the step finds nothing where its guard is quiet.

    >>> from normalize import collapse_spaces
    >>> guard_sound(collapse_spaces, "one two")
    """
    if step.guard is not None and step.guard.quiet(text) and (found := list(step.find(text, known))):
        raise LawError("soundly guarded", step, text, f"the guard is quiet, but the step finds {found[0]}", known)
    nothing = known.having(dict.fromkeys(step.cuts, ()))
    if step.cuts and (found := list(step.find(text, nothing))):
        raise LawError(
            "soundly guarded", step, text, f"there is nothing to cut, but the step finds {found[0]}", nothing
        )


def left_alone(subject: Step[Any] | Pipeline, text: str, known: Facts = UNKNOWN) -> None:
    """Check that clean text stays as it is.

    >>> from normalize import collapse_spaces
    >>> left_alone(collapse_spaces, "می‌خواهم")
    """
    changes = _cleaned(subject, text, known).changes
    if changes:
        raise LawError("leaving clean text alone", subject, text, f"it makes {changes[0]}", known)


def joiners_kept(step: Step[Any], text: str, known: Facts = UNKNOWN) -> None:
    """Check that zero-width joiners and non-joiners, which spelling needs, are all kept.

    >>> from normalize import collapse_spaces
    >>> joiners_kept(collapse_spaces, "می‌خواهم")
    """
    output = alone(step, text, known).text
    for joiner in "\u200c\u200d":
        if output.count(joiner) != text.count(joiner):
            raise LawError("keeping joiners", step, text, f"it makes {output!a}", known)


def alone(step: Step[Any], text: str, known: Facts = UNKNOWN) -> Cleaned:
    """Return what one step makes of a text, as a pipeline would keep it.

    >>> from normalize import collapse_spaces
    >>> alone(collapse_spaces, "one  two").text
    'one two'
    """
    found = list(step.find(text, known))
    edits = [item for item in found if isinstance(item, Edit)]
    read = tuple(item for item in found if isinstance(item, Annotation))
    return Cleaned(text, apply(text, edits), tuple(compose(text, [], edits, step.name)), read, known, (step.name,))


def _cleaned(subject: Step[Any] | Pipeline, text: str, known: Facts) -> Cleaned:
    return subject.run(text, known) if isinstance(subject, Pipeline) else alone(subject, text, known)


# -- laws of one result


def restores(cleaned: Cleaned, by: object = "the pipeline") -> None:
    """Check that the changes lead from the source to the clean text, and back from it alone."""
    try:
        forth, back = apply(cleaned.source, cleaned.changes), restore(cleaned.text, cleaned.changes)
    except ValueError as error:
        raise LawError("restorable", by, cleaned.source, str(error)) from error
    if forth != cleaned.text:
        raise LawError(
            "restorable", by, cleaned.source, f"the changes make {_short(forth)}, not {_short(cleaned.text)}"
        )
    if back != cleaned.source:
        raise LawError("restorable", by, cleaned.source, f"restored it is {_short(back)}")
    for change in cleaned.changes:
        if cleaned.source[change.start : change.end] != change.removed:
            raise LawError("restorable", by, cleaned.source, f"{change} removed what did not stand there")


def minimal(cleaned: Cleaned, by: object = "the pipeline") -> None:
    """Check that what a change removed and put in share no first and no last character, and some author made it."""
    for change in cleaned.changes:
        removed, text = change.removed, change.text
        if removed == text or (removed and text and (removed[0] == text[0] or removed[-1] == text[-1])):
            raise LawError("minimal", by, cleaned.source, f"{change} keeps what it claims to change")
        if not change.why:
            raise LawError("minimal", by, cleaned.source, f"{change} has no author")


def maps_home(cleaned: Cleaned, by: object = "the pipeline") -> None:
    """Check that every kept character maps to itself in the clean text and back, in the same order."""
    offsets = cleaned.offsets()
    last = -1
    touched = _touched(cleaned)
    for at, character in enumerate(cleaned.source):
        span = offsets.to_clean(at, at + 1)
        if touched[at]:
            if span is not None:
                raise LawError("mapping home", by, cleaned.source, f"the cut character at {at} maps to {span}")
            continue
        if span is None or cleaned.text[span[0] : span[1]] != character or span[0] <= last:
            raise LawError("mapping home", by, cleaned.source, f"{character!r} at {at} maps to {span}, after {last}")
        if offsets.to_source(*span) != (at, at + 1):
            raise LawError(
                "mapping home", by, cleaned.source, f"{span} maps back to {offsets.to_source(*span)}, not {at}"
            )
        last = span[0]


def annotated(cleaned: Cleaned, by: object = "the pipeline") -> None:
    """Check that values stand where they say, and that no span that was touched has a place in the clean text."""
    offsets = cleaned.offsets()
    touched = _touched(cleaned)
    for item in cleaned.annotations:
        if item.start is None or item.end is None:
            if item.start is not item.end:
                raise LawError("rightly annotated", by, cleaned.source, f"{item} has half a place")
            continue
        if not 0 <= item.start <= item.end <= len(cleaned.source):
            raise LawError("rightly annotated", by, cleaned.source, f"{item} lies outside the source")
        words = cleaned.source[item.start : item.end]
        value = item.value
        if isinstance(value, Span) and (value.text, value.start, value.end) != (words, item.start, item.end):
            raise LawError("rightly annotated", by, cleaned.source, f"{item} stands on {words!r}")
        span = offsets.to_clean(item.start, item.end)
        if span is not None and (any(touched[item.start : item.end]) or cleaned.text[span[0] : span[1]] != words):
            raise LawError("rightly annotated", by, cleaned.source, f"{item} was touched and has the place {span}")


def _touched(cleaned: Cleaned) -> list[bool]:
    touched = [False] * len(cleaned.source)
    for change in cleaned.changes:
        touched[change.start : change.end] = [True] * (change.end - change.start)
    return touched


# -- laws of a step as a thing


def not_idle(step: Step[Any], positive: Sequence[tuple[str, Facts]], negative: Sequence[tuple[str, Facts]]) -> None:
    """Check that the step finds something in at least three texts, and nothing in at least three others."""
    if len(positive) < 3 or len(negative) < 3:
        raise LawError(
            "tried", step, "", f"it has {len(positive)} positive and {len(negative)} negative cases, not 3 each"
        )
    for text, known in positive:
        if not _finds(step, text, known):
            raise LawError("at work", step, text, "it finds nothing in a positive case", known)
    for text, known in negative:
        if _finds(step, text, known):
            raise LawError("at rest", step, text, "it finds something in a negative case", known)


def _finds(step: Step[Any], text: str, known: Facts) -> bool:
    cleaned = alone(step, text, known)
    return cleaned.text != text if isinstance(step, Editor) else bool(cleaned.annotations)


def picklable(subject: Step[Any] | Pipeline) -> None:
    """Check that the step or pipeline comes back from pickle equal to itself.

    >>> from normalize import collapse_spaces
    >>> picklable(collapse_spaces)
    """
    try:
        back = pickle.loads(pickle.dumps(subject))  # noqa: S301 (just made here)
    except Exception as error:
        raise LawError("picklable", subject, "", f"{type(error).__name__}: {error}") from error
    if back != subject or repr(back) != repr(subject):
        raise LawError("picklable", subject, "", f"it comes back as {back!r}")


def evaluable(subject: Step[Any] | Pipeline) -> None:
    """Check that the `repr` evaluates back, given the names of the steps' modules.

    >>> from normalize import Pipeline, collapse_spaces
    >>> evaluable(Pipeline((collapse_spaces,)))
    """
    names: dict[str, object] = {"Pipeline": Pipeline, type(subject).__name__: type(subject)}
    for step in subject.steps if isinstance(subject, Pipeline) else (subject,):
        names |= vars(importlib.import_module(step.__module__))
    try:
        back = eval(repr(subject), names)  # noqa: S307 (our own repr)
    except Exception as error:
        raise LawError("evaluable", subject, "", f"its repr raises {type(error).__name__}: {error}") from error
    if back != subject:
        raise LawError("evaluable", subject, "", f"its repr evaluates to {back!r}")


def guard_alike(step: Step[Any], texts: Iterable[str]) -> None:
    """Check that the guard means the same to Rust's regex engine, through polars, as to Python's.

    >>> from normalize import collapse_spaces
    >>> guard_alike(collapse_spaces, ["one", "one  two"])
    """
    if step.guard is None or step.guard.pattern is None:
        return
    import polars as pl  # noqa: PLC0415 (heavy, and only for steps whose guard is a pattern)

    known = [text for text in texts if not any("\ud800" <= c <= "\udfff" for c in text)]
    pattern = re.compile(step.guard.pattern)
    try:
        fired = pl.Series(known, dtype=pl.String).str.contains(step.guard.pattern).to_list()
    except pl.exceptions.ComputeError as error:
        raise LawError("alike guarded", step, "", f"Rust refuses the guard: {error}") from error
    for text, there in zip(known, fired, strict=True):
        if there != (pattern.search(text) is not None):
            raise LawError("alike guarded", step, text, f"the guard {'fires' if there else 'is quiet'} in Rust only")


def patterns_of(module: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the compiled patterns of a module, with their names: its globals, and what its cached makers return.

    >>> [name for name, _ in patterns_of("normalize.whitespace")][:1] != []
    True
    """
    for name, value in vars(importlib.import_module(module)).items():
        made = value
        if hasattr(value, "cache_info"):
            signature = inspect.signature(value)
            maker = not signature.parameters and "Pattern" in str(signature.return_annotation)
            made = value() if maker else None
        for pattern in made if isinstance(made, list | tuple) else (made,):
            if isinstance(pattern, re.Pattern):
                yield name, pattern


def linear_patterns(step: Step[Any], reviewed: Mapping[str, str] | None = None) -> None:
    """Check that each regex of the step's module compiles in Rust's engine, linear by construction.

    `reviewed` names those that cannot ("_NAME" or "module._NAME"), with the reason why they are linear all the same.

    >>> from normalize import collapse_spaces
    >>> linear_patterns(collapse_spaces)
    """
    for name, pattern in patterns_of(step.__module__):
        if not {name, f"{step.__module__}.{name}"} & (reviewed or {}).keys() and (why := rust_refuses(pattern)):
            raise LawError("linear", step, pattern.pattern, f"Rust refuses the pattern {name}: {why}")


def linear_pattern(name: str, pattern: re.Pattern[str]) -> None:
    """Check that Python's own engine takes linear time for the pattern, on texts made to slow it down.

    What Rust runs in linear time may still cost Python quadratic time: `a+b` on a long run of a.

    >>> linear_pattern("RUN", re.compile("  +"))
    """
    if text := slowest(pattern):
        raise LawError("linear", name, text, f"{pattern.pattern[:200]!r} takes more than linear time")


def linear_time(subject: Step[Any] | Pipeline, seeds: Iterable[str], size: int = 20_000) -> None:
    """Check that four times the text takes no more than about four times as long, on pumped inputs.

    Measures CPU time on each seed repeated to `size`, and to four times that; what is quick there is let be,
    and what is hopelessly slow there is refused, also where only a head of bounded length is looked at.

    >>> from normalize import collapse_spaces
    >>> linear_time(collapse_spaces, [" ", "a "])
    """
    for seed in filter(None, seeds):
        fourfold = _cost(subject, seed * (4 * size // len(seed)))
        if fourfold > 4 * size * _PATIENCE + _QUICK:
            raise LawError("linear", subject, seed, f"pumped to {4 * size} it takes {fourfold:.4f} s")
        if fourfold > _QUICK and fourfold > 10 * (once := _cost(subject, seed * (size // len(seed)))):
            why = f"pumped to {size} it takes {once:.4f} s, to {4 * size} {fourfold:.4f} s"
            raise LawError("linear", subject, seed, why)


_QUICK = 0.05  # seconds: below, the clock and the rest of the machine say more than the step

_PATIENCE = 20e-6  # seconds a character: ten times slower is bounded, but by no bound that one can wait for


def _cost(subject: Step[Any] | Pipeline, text: str) -> float:
    best = float("inf")
    for n in range(3):
        fresh = text + "x" * n  # never the same text twice: no memo may help
        start = time.process_time()
        _cleaned(subject, fresh, UNKNOWN)
        best = min(best, time.process_time() - start)
        if best < _QUICK or best > 1:
            break
    return best


# -- laws of a pipeline


def guards_skip_nothing(pipeline: Pipeline, text: str, known: Facts = UNKNOWN) -> None:
    """Check, at every step, that skipping where the guard is quiet equals running always.

    >>> from normalize import Pipeline, collapse_spaces
    >>> guards_skip_nothing(Pipeline((collapse_spaces,)), "one  two")
    """
    watched = replace(pipeline, steps=tuple(_watched(step) for step in pipeline.steps))
    always, guarded = watched.run(text, known), pipeline.run(text, known)
    if replace(always, entered=()) != replace(guarded, entered=()):
        raise LawError("soundly guarded", pipeline, text, "skipping quiet steps gives another result", known)


def _watched(step: Step[Any]) -> Step[Any]:
    """Return a copy that always runs and raises where its guard would have hidden something."""
    guard = step.guard
    if guard is None and not step.cuts:
        return step
    function = step.function

    def watching(text: str, **options: Any) -> Iterator[Found]:  # noqa: ANN401 (any option of any step)
        for item in function(text, **options):
            if guard is not None and guard.quiet(text):
                raise LawError("soundly guarded", step, text, f"the guard is quiet, but the step finds {item}")
            yield item

    twin = copy.copy(step)
    twin.guard, twin.cuts = None, ()
    twin.function = watching
    return twin


def line_ends_alike(pipeline: Pipeline, text: str, known: Facts = UNKNOWN) -> None:
    """Check that LF, CRLF and CR line ends of one text give one clean text.

    Texts that hold a carriage return already say nothing about this law.
    """
    if "\r" in text:
        return
    wanted = pipeline.run(text, known).text
    for end in ("\r\n", "\r"):
        source = text.replace("\n", end)
        if (given := pipeline.run(source, known).text) != wanted:
            raise LawError(
                "indifferent to line ends", pipeline, source, f"{_short(given)}, with LF {_short(wanted)}", known
            )


def runs(pipeline: Pipeline, text: str, known: Facts = UNKNOWN) -> Cleaned:
    """Check that the pipeline does not raise; return what it makes of the text."""
    try:
        return pipeline.run(text, known)
    except Exception as error:
        raise LawError("total", pipeline, text, f"it raised {type(error).__name__}: {error}", known) from error


def repeats(pipeline: Pipeline, text: str, known: Facts = UNKNOWN) -> None:
    """Check that the pipeline gives the same result again."""
    if pipeline.run(text, known) != pipeline.run(text, known):
        raise LawError("deterministic", pipeline, text, "two runs differ", known)


def settled(pipeline: Pipeline, text: str, known: Facts = UNKNOWN) -> None:
    """Check that cleaning the clean text changes nothing, with the record's own facts held."""
    clean = pipeline.run(text, known).text
    again = pipeline.run(clean, known)
    if again.text != clean:
        raise LawError("idempotent", pipeline, text, f"a second run makes {again.changes[0]} in {_short(clean)}", known)


STEP_LAWS = (total, fitting, deterministic, idempotent, guard_sound)
RESULT_LAWS = (restores, minimal, maps_home, annotated)
PIPELINE_LAWS = (runs, repeats, guards_skip_nothing, line_ends_alike)
