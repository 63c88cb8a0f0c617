"""Steps: functions that find edits and annotations in a text, usable alone and in a pipeline.

An *editor* finds edits and, called, returns the edited text; a *reader* finds annotations and,
called, returns what it read. Both offer `.find`, which is all that a pipeline uses.
"""

from __future__ import annotations

import importlib
import inspect
import re
from dataclasses import dataclass
from functools import cache, wraps
from types import SimpleNamespace, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    Literal,
    ParamSpec,
    Self,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)

from normalize.edits import Change, Edit, OffsetMap, apply, compose
from normalize.facts import UNKNOWN, Annotation, Facts, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Rules = tuple[str, ...] | Callable[[], tuple[str, ...]]

P = ParamSpec("P")
V = TypeVar("V")
Found = Edit | Annotation


class StepError(TypeError):
    """A step, or a use of one, that is wrong in itself, whatever the text."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A cheap test, as plain data: while it is quiet, its step finds nothing.

    `pattern` must mean the same to Python's `re` and Rust's `regex`; the guard fires where the
    pattern matches, one of the `literals` occurs, or the text has more than `longer_than` code points.
    `beyond_ascii` says that the pattern needs a character beyond ASCII to match: then an ASCII text
    need not be searched.

    >>> Guard(literals=("\\t",)).quiet("no tab")
    True
    >>> Guard(pattern="[0-9]{4}", longer_than=20).quiet("in 2017")
    False
    >>> Guard()
    Traceback (most recent call last):
    normalize.steps.StepError: a guard needs a pattern, literals or a length; without one it would always be quiet
    """

    pattern: str | None = None
    literals: tuple[str, ...] = ()
    longer_than: int | None = None
    beyond_ascii: bool = False

    def __post_init__(self) -> None:
        if self.pattern is None and not self.literals and self.longer_than is None:
            raise StepError("a guard needs a pattern, literals or a length; without one it would always be quiet")

    def quiet(self, text: str) -> bool:
        """Return whether the step is sure to find nothing in `text`."""
        if self.longer_than is not None and len(text) > self.longer_than:
            return False
        if any(literal in text for literal in self.literals):
            return False
        if self.pattern is None or (self.beyond_ascii and text.isascii()):
            return True
        return _compiled(self.pattern).search(text) is None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Step(Generic[P]):
    """A named, configurable finder of edits and annotations. Made by `@step`, never directly.

    Steps compare by name and options, pickle by reference, and show only options that differ
    from the defaults.
    """

    def __init__(
        self,
        function: Callable[P, Iterator[Found]],
        reads: tuple[str, ...],
        provides: tuple[str, ...],
        guard: Guard | None,
        options: Mapping[str, object],
        rules: Rules = (),
        cuts: tuple[str, ...] = (),
    ) -> None:
        self.function = function
        self.reads = reads
        self.provides = provides
        self.guard = guard
        self.options = dict(options)
        self.cuts = cuts
        self._rules = rules
        self.name = function.__name__
        self.__name__ = function.__name__
        self.__qualname__ = function.__qualname__
        self.__module__ = function.__module__
        self.__doc__ = function.__doc__
        self.__wrapped__ = function

    @property
    def defaults(self) -> dict[str, object]:
        """Every option of the step with its default."""
        parameters = inspect.signature(self.function).parameters.values()
        return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY and p.name != "known"}

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that the step's edits name, as far as the step declares them."""
        return self._rules() if callable(self._rules) else self._rules

    def find(self, text: str, known: Facts = UNKNOWN) -> Iterator[Found]:
        """Yield the edits (sorted, disjoint) and annotations found in `text`, both in its offsets."""
        finder: Callable[..., Iterator[Found]] = self.function
        return finder(text, known=known, **self.options)

    def using(self, **options: object) -> Self:
        """Return a copy of the step with these options set.

        >>> from normalize import collapse_spaces
        >>> collapse_spaces.using(colour="red")
        Traceback (most recent call last):
        normalize.steps.StepError: collapse_spaces has no option 'colour'; it has none
        >>> from normalize import identify_language
        >>> identify_language.using(engine="guess")
        Traceback (most recent call last):
        normalize.steps.StepError: identify_language: engine must be 'cld2' or 'langdetect', not 'guess'
        """
        defaults = self.defaults
        for name, value in options.items():
            if name not in defaults:
                valid = ", ".join(repr(n) for n in defaults) or "none"
                raise StepError(f"{self.name} has no option {name!r}; it has {valid}")
            kind = _kind_of(self.function, name)
            if not _is_of(value, kind):
                raise StepError(f"{self.name}: {name} must be {_in_words(kind)}, not {value!r}")
        chosen = {**self.options, **options}
        kept = {name: value for name, value in chosen.items() if value != defaults[name]}
        return self._copy(kept)

    def _copy(self, options: Mapping[str, object]) -> Self:
        return type(self)(self.function, self.reads, self.provides, self.guard, options, self._rules, self.cuts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Step):
            return NotImplemented
        return (self.__module__, self.name, self.options) == (other.__module__, other.name, other.options)

    def __hash__(self) -> int:
        return hash((self.__module__, self.name))

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in sorted(self.options.items()))
        return f"{self.name}.using({options})" if options else self.name

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str, dict[str, object]]]:
        return _revive, (self.__module__, self.name, self.options)

    def _run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, Iterator[Found]]:
        """Return the text of a plain call and what is found in it."""
        kwargs = dict(kwargs)
        text = args[0] if args else kwargs.pop("text")
        known = kwargs.pop("known", UNKNOWN)
        configured = self.using(**kwargs) if kwargs else self
        if self.guard is not None and self.guard.quiet(text):
            return text, iter(())
        return text, configured.find(text, known)


def _kind_of(function: Callable[..., object], option: str) -> object:
    """Return the type that an option is annotated with, `object` where it cannot be told."""
    inner = cast("Any", inspect.unwrap(function))
    noted = SimpleNamespace(__annotations__={option: inner.__annotations__.get(option, object)})
    try:
        return get_type_hints(noted, inner.__globals__)[option]
    except NameError:  # imported for the type checker alone
        return object


def _is_of(value: object, kind: Any) -> bool:  # noqa: ANN401 (types have no type)
    """Tell whether a value is of a kind that options may be of; of any other kind every value is."""
    inner = get_args(kind)
    origin = get_origin(kind)
    if origin is Literal:
        return value in inner
    if origin is tuple and inner[-1] is ...:
        return isinstance(value, tuple) and all(_is_of(item, inner[0]) for item in value)
    if origin in (Union, UnionType):
        return any(_is_of(value, one) for one in inner)
    if not isinstance(kind, type) or kind is object:
        return True
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, int | float if kind is float else kind)


def _in_words(kind: Any) -> str:  # noqa: ANN401 (types have no type)
    if get_origin(kind) is Literal:
        return " or ".join(repr(choice) for choice in get_args(kind))
    return kind.__name__ if type(kind) is type else str(kind)


def _revive(module: str, name: str, options: dict[str, object]) -> Step[Any]:
    found = getattr(importlib.import_module(module), name)
    if not isinstance(found, Step):
        raise StepError(f"{module}.{name} is no step")
    return found._copy(options)  # noqa: SLF001 (the same class)


class Editor(Step[P]):
    """A step that changes text: `strip_…`, `fix_…`, `collapse_…`. Called, it returns the edited text."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """Return the text with the step's edits made."""
        text, found = self._run(args, kwargs)
        return apply(text, (item for item in found if isinstance(item, Edit)))


class Reader(Step[P], Generic[P, V]):
    """A step that reads and never edits: `read_…`, `find_…`, `identify_…`. Called, it returns what it read."""

    def __init__(
        self,
        function: Callable[P, Iterator[Found]],
        reads: tuple[str, ...],
        provides: tuple[str, ...],
        guard: Guard | None,
        options: Mapping[str, object],
        rules: Rules = (),
        cuts: tuple[str, ...] = (),
        answer: Callable[[Iterable[Annotation]], V] | None = None,
    ) -> None:
        super().__init__(function, reads, provides, guard, options, rules, cuts)
        if answer is None:
            raise StepError(f"{self.name} needs an answer: what a call returns of its annotations")
        self.answer = answer

    def _copy(self, options: Mapping[str, object]) -> Self:
        known = (self.function, self.reads, self.provides, self.guard, options, self._rules, self.cuts)
        return type(self)(*known, self.answer)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> V:
        """Return what the step reads in the text."""
        _, found = self._run(args, kwargs)
        return self.answer(item for item in found if isinstance(item, Annotation))


def first(kind: type[V]) -> Callable[[Iterable[Annotation]], V | None]:
    """Return a reader's answer: the first value of type `kind`, None where there is none."""

    def answer(annotations: Iterable[Annotation]) -> V | None:
        return next((a.value for a in annotations if isinstance(a.value, kind)), None)

    return answer


def every(kind: type[V]) -> Callable[[Iterable[Annotation]], list[V]]:
    """Return a reader's answer: all values of type `kind`, in the order they were found."""

    def answer(annotations: Iterable[Annotation]) -> list[V]:
        return [a.value for a in annotations if isinstance(a.value, kind)]

    return answer


@overload
def step(
    *,
    reads: tuple[str, ...] = (),
    provides: tuple[str, ...] = (),
    guard: Guard | None = None,
    rules: Rules = (),
    cuts: tuple[str, ...] = (),
) -> Callable[[Callable[P, Iterator[Found]]], Editor[P]]: ...
@overload
def step(
    *,
    answer: Callable[[Iterable[Annotation]], V],
    reads: tuple[str, ...] = (),
    provides: tuple[str, ...] = (),
    guard: Guard | None = None,
) -> Callable[[Callable[P, Iterator[Annotation]]], Reader[P, V]]: ...


def step(
    *,
    answer: Callable[[Iterable[Annotation]], Any] | None = None,
    reads: tuple[str, ...] = (),
    provides: tuple[str, ...] = (),
    guard: Guard | None = None,
    rules: Rules = (),
    cuts: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Editor[Any] | Reader[Any, Any]]:
    """Make a step of a finding function `f(text, *, known=UNKNOWN, option=default, …)`.

    With an `answer` it becomes a reader, else an editor. `reads` names the fields of `Facts` and
    the annotation kinds it looks at, `provides` the annotation kinds it yields, `rules` the rules that
    its edits name (or what returns them): declared, they can be told to users and checked. `cuts` names the
    annotation kinds that it works on: a pipeline does not ask it where earlier steps found none of them.

    >>> @step(rules=("mark",), guard=Guard(literals=("!",)))
    ... def drop_shouting(text, *, known=UNKNOWN, most=0):
    ...     for mark in list(re.finditer("!", text))[most:]:
    ...         yield Edit(mark.start(), mark.end(), "", "mark")
    >>> drop_shouting("No! Really!"), drop_shouting("No! Really!", most=1), drop_shouting("Left alone.")
    ('No Really', 'No! Really', 'Left alone.')
    >>> drop_shouting.using(most=1)
    drop_shouting.using(most=1)
    >>> list(drop_shouting.find("No!"))
    [Edit(start=2, end=3, text='', rule='mark', score=None)]
    """

    def decorate(function: Callable[..., Any]) -> Editor[Any] | Reader[Any, Any]:
        if answer is None:
            return Editor(function, reads, provides, guard, {}, rules, cuts)
        return Reader(function, reads, provides, guard, {}, rules, cuts, answer)

    return decorate


def settle(passes: int = 3) -> Callable[[Callable[P, Iterator[Found]]], Callable[P, Iterator[Found]]]:
    """Make a finder whose edits depend on position or shape idempotent: find, apply, find again.

    The edits of all passes come out as one list. Where the text has not come to rest after `passes`
    it is left alone, with a note `unsettled`: both ends are fixed points.

    >>> @step()
    ... @settle(passes=3)
    ... def strip_mark(text, *, known=UNKNOWN):
    ...     if text.startswith("> "):
    ...         yield Edit(0, 2, "", "mark")
    >>> strip_mark("> > two"), strip_mark("none"), strip_mark("> > > > four")
    ('two', 'none', '> > > > four')
    """

    def decorate(finder: Callable[P, Iterator[Found]]) -> Callable[P, Iterator[Found]]:
        @wraps(finder)
        def settled(*args: P.args, **kwargs: P.kwargs) -> Iterator[Found]:
            source = cast("str", args[0])
            return _settled(cast("Callable[..., Iterator[Found]]", finder), source, dict(kwargs), passes)

        return settled

    return decorate


def _settled(
    finder: Callable[..., Iterator[Found]], source: str, kwargs: dict[str, Any], passes: int
) -> Iterator[Found]:
    known: Facts = kwargs.pop("known", UNKNOWN)
    text = source
    made: list[list[Edit]] = []  # by pass; nearly always the first finds all, and its edits need no composing
    extra: list[Annotation] = []
    for _ in range(passes + 1):
        moved = bool(made) and any(known.annotations.values())
        facts = known_in(known, _offsets(source, made), text) if moved else known
        edits: list[Edit] = []
        for item in finder(text, known=facts, **kwargs):
            if isinstance(item, Edit):
                edits.append(item)
            else:
                extra.append(placed(item, _offsets(source, made), source))
        if not edits:
            once = len(made) == 1
            yield from made[0] if once else (Edit(*c[:2], c.text, c.why[0], c.score) for c in _composed(source, made))
            yield from extra
            return
        made.append(edits)
        text = apply(text, edits)
    yield Annotation(None, None, "note", "unsettled")


def _offsets(source: str, made: Sequence[Sequence[Edit]]) -> OffsetMap:
    """Return the map of several passes of edits; a single pass of cuts needs no composing."""
    cuts = len(made) == 1 and not any(edit.text for edit in made[0])
    return OffsetMap(made[0] if cuts else _composed(source, made))


def _composed(source: str, made: Iterable[Iterable[Edit]]) -> list[Change]:
    """Return the changes that several passes of edits, each over the text that the one before it made, make of `source`."""
    changes: list[Change] = []
    for edits in made:
        changes = compose(source, changes, edits)
    return changes


def placed(item: Annotation, offsets: OffsetMap, source: str) -> Annotation:
    """Return `item`, found in a changed text, in the offsets of the source."""
    if item.start is None or item.end is None:
        return item
    start, end = offsets.to_source(item.start, item.end)
    return _moved(item, start, end, source)


def _moved(item: Annotation, start: int, end: int, text: str) -> Annotation:
    value = item.value
    if isinstance(value, Span) and not (value.start == start and value.end == end and value.text == text[start:end]):
        value = value.moved(start, end, text[start:end])
    return Annotation(start, end, item.kind, value)


def known_in(known: Facts, offsets: OffsetMap, text: str) -> Facts:
    """Return `known` with its annotations mapped into `text`; those of which an edge was cut are dropped.

    What was only repaired inside is kept: "MANILA (AP)\N{NO-BREAK SPACE}—" is still the dateline to strip.
    """
    return known.having(
        {
            kind: tuple(found for item in items if (found := _carried(item, offsets, text)) is not None)
            for kind, items in known.annotations.items()
        }
    )


def _carried(item: Annotation, offsets: OffsetMap, text: str) -> Annotation | None:
    if item.start is None or item.end is None:
        return item
    span = offsets.follow(item.start, item.end)
    return None if span is None else _moved(item, *span, text)
