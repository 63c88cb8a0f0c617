"""Pipelines: steps in order, over one text, with every change and every fact kept."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from normalize.edits import Change, Edit, OffsetMap, apply, compose, restore
from normalize.facts import KINDS, UNKNOWN, Annotation, Facts
from normalize.steps import Step, known_in, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

# Annotation kind -> the fields of Facts that its first annotation fills, where the record left them open.
FACTS: Mapping[str, Callable[[Any], dict[str, object]]] = {
    "published": lambda moment: {"published": moment.days, "published_at": moment.at},
    "dateline": lambda dateline: {"dateline": dateline},
    "language": lambda language: {"language": language.code},
    "title": lambda words: {"title": words},
}
# How often `repeated` steps are done again at most; dev sets need two.
PASSES = 4
# A change takes half a kilobyte. Where a step has made so many in one text (a no-break space for every
# second character of 50 MB), those that stand close together are kept as one: it restores the same.
MANY_EDITS = 100_000
_GAP = 16
_BLOCK = 512
_FIELDS = frozenset(f.name for f in fields(Facts)) - {"annotations"}


class PipelineError(ValueError):
    """A pipeline that cannot work, whatever the text."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of one text: enough to restore it and to say why each change was made.

    `annotations` and `changes` count in the source; `facts` is what was known in the end;
    `entered` names the steps whose guard fired.
    """

    source: str
    text: str
    changes: tuple[Change, ...]
    annotations: tuple[Annotation, ...]
    facts: Facts
    entered: tuple[str, ...]

    def restore(self) -> str:
        """Return the source, from the clean text and the changes alone."""
        return restore(self.text, self.changes)

    def offsets(self) -> OffsetMap:
        """Return the map between source and clean offsets."""
        return OffsetMap(self.changes)


class Round(NamedTuple):
    """Steps of a pipeline, and those of them that are done again until they change nothing."""

    steps: tuple[Step[Any], ...]
    again: tuple[Step[Any], ...]


@dataclass(frozen=True, repr=False)
class Pipeline:
    """Steps in order. The order is checked against what steps read and provide when it is built.

    >>> from normalize import collapse_spaces
    >>> cleaned = Pipeline((collapse_spaces,)).run("one  two")
    >>> cleaned.text, cleaned.changes[0].why, cleaned.restore()
    ('one two', ('collapse_spaces:run',), 'one  two')

    `disabled` names steps ("collapse_spaces") and rules ("collapse_spaces:run") that make no edit:

    >>> Pipeline((collapse_spaces,), disabled=frozenset({"collapse_spaces:run"})).run("one  two").text
    'one  two'
    >>> Pipeline((collapse_spaces,), disabled=frozenset({"collapse"}))
    Traceback (most recent call last):
    normalize.pipeline.PipelineError: cannot disable 'collapse': no such step; the steps are collapse_spaces
    >>> Pipeline((collapse_spaces,), disabled=frozenset({"collapse_spaces:tab"}))
    Traceback (most recent call last):
    normalize.pipeline.PipelineError: cannot disable 'collapse_spaces:tab': collapse_spaces has no such rule; its rules are run

    `repeated` names steps that are done again until they change nothing: where one cut exposes what
    another run would cut ("By Jane Doe" above a headline), one run does what several would. The leading
    steps that only repair come to rest before any other step reads what they made.
    """

    steps: tuple[Step[Any], ...]
    disabled: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        names = [stage.name for stage in self.steps]
        for name in self.repeated - set(names):
            raise PipelineError(f"cannot repeat {name!r}: no such step; the steps are {', '.join(names)}")
        for name in names:
            if names.count(name) > 1:
                raise PipelineError(f"step {name!r} stands in the pipeline twice")
        for name in self.disabled:
            self._check_disabled(name, {stage.name: stage for stage in self.steps})
        provider = {kind: stage.name for stage in self.steps for kind in stage.provides}
        before: set[str] = set()
        for stage in self.steps:
            for kind in stage.reads:
                if kind in provider and kind not in before and kind not in stage.provides:
                    raise PipelineError(f"{stage.name} reads {kind!r}, which {provider[kind]} provides only after it")
                if kind not in provider and kind not in _FIELDS and kind not in KINDS:
                    choices = ", ".join(sorted(_FIELDS | KINDS.keys() | provider.keys()))
                    raise PipelineError(f"{stage.name} reads {kind!r}, which nothing provides; there are {choices}")
            before.update(stage.provides)

    @staticmethod
    def _check_disabled(name: str, stages: Mapping[str, Step[Any]]) -> None:
        stage, colon, rule = name.partition(":")
        if stage not in stages:
            raise PipelineError(f"cannot disable {name!r}: no such step; the steps are {', '.join(stages)}")
        rules = stages[stage].rules if colon else ()
        if rules and rule not in rules:
            raise PipelineError(f"cannot disable {name!r}: {stage} has no such rule; its rules are {', '.join(rules)}")

    def __repr__(self) -> str:
        # Sets in order: the repr stands in manifests and decides whether two plans are one.
        sets = {"disabled": self.disabled, "repeated": self.repeated}
        shown = "".join(
            f", {name}=frozenset({{{', '.join(map(repr, sorted(names)))}}})" for name, names in sets.items() if names
        )
        return f"{type(self).__name__}(steps={self.steps!r}{shown})"

    def run(self, text: str, known: Facts = UNKNOWN) -> Cleaned:
        """Return what the steps make of `text`, given what is `known` of the document."""
        run = self.begin(text, known)
        for stages, again in self.rounds:
            run.advance(stages)
            run.settle(again)
        return run.finish()

    @property
    def rounds(self) -> tuple[Round, Round]:
        """The steps in two rounds: the leading ones, which need to know nothing and read nothing, and all others."""
        leading = tuple(takewhile(lambda stage: not stage.reads and not stage.provides, self.steps))
        return self._round(leading), self._round(self.steps[len(leading) :])

    def _round(self, stages: tuple[Step[Any], ...]) -> Round:
        return Round(stages, tuple(stage for stage in stages if stage.name in self.repeated))

    def begin(self, text: str, known: Facts = UNKNOWN) -> Run:
        """Return a run over `text` that has done nothing yet, for those who lead many documents through the steps."""
        return Run(text, known, self.disabled)


class Run:
    """One text on its way through a pipeline: `advance` it through all steps in order, then `finish`.

    `text` is the text as it stands now.
    """

    __slots__ = (
        *("_changes", "_disabled", "_edited", "_entered", "_found", "_given", "_known", "_offsets", "_order"),
        *("_seen", "_settling", "_source", "text"),
    )

    def __init__(self, source: str, known: Facts, disabled: frozenset[str]) -> None:
        self.text = source
        self._source = source
        self._given = known
        self._known = known
        self._edited: set[str] = set()  # the steps that changed the text in this pass
        self._seen: set[tuple[object, ...]] = set()  # what earlier passes found
        self._disabled = disabled
        self._changes: list[Change] = []
        self._offsets: OffsetMap | None = None  # of the changes so far, made when it is asked for
        self._found: dict[str, list[Annotation]] = {}
        self._order: list[Annotation] = []
        self._entered: list[str] = []
        self._settling = False

    def advance(self, stages: Iterable[Step[Any]], quiet: Collection[str] | None = None) -> None:
        """Take the text through `stages`.

        `quiet` names all steps whose guards are quiet on the text as it stands, where that is known
        already (a batch finds it out at native speed); after an edit guards are asked themselves.
        """
        before = self.text
        for stage in stages:
            for kind in stage.provides:
                self._found.setdefault(kind, [])
            if stage.name in self._disabled or _is_quiet(stage, self.text, quiet if self.text is before else None):
                continue
            if stage.cuts and not any(self._found.get(kind, (None,)) for kind in stage.cuts):
                continue
            self._enter(stage)

    def settle(self, stages: Sequence[Step[Any]], quiet: Collection[str] | None = None, passes: int = PASSES) -> None:
        """Do `stages` again until they change nothing, as another run over the clean text would.

        What is known stays as the first pass learned it; what later passes find is kept beside it.
        `quiet` is as for `advance`. A text that has not come to rest after `passes` is noted as `unsettled`.
        """
        names = {stage.name for stage in stages}
        learned, first = self._known, self.text
        self._settling = True
        for _ in range(passes):
            if self._edited.isdisjoint(names):
                break
            self._edited.clear()
            self._seen.update((a.kind, a.start, a.end) for a in self._order)
            self._found = {}
            self._known = replace(self._given, language=learned.language)
            self.advance(stages, quiet if self.text is first else None)
        else:
            if not self._edited.isdisjoint(names):
                self._order.append(Annotation(None, None, "note", "unsettled"))
        self._known, self._settling = learned, False

    def finish(self) -> Cleaned:
        """Return what became of the text."""
        done = (tuple(self._changes), tuple(self._order), self._known, tuple(self._entered))
        return Cleaned(self._source, self.text, *done)

    def _enter(self, stage: Step[Any]) -> None:
        if not self._settling:
            self._entered.append(stage.name)
        edits: list[Edit] = []
        fresh: list[Annotation] = []
        for item in stage.find(self.text, self._seen_by(stage)):
            if isinstance(item, Annotation):
                fresh.append(placed(item, self._map(), self._source) if self._changes else item)
            elif f"{stage.name}:{item.rule}" not in self._disabled:
                if len(edits) >= MANY_EDITS and _near(edits[-1], item):
                    edits[-1] = _joined(self.text, edits[-1], item)
                else:
                    edits.append(item)
        for item in fresh:
            self._learn(item)
        if edits:
            self._edited.add(stage.name)
            self._changes = compose(self._source, self._changes, edits, stage.name)
            self._offsets = None
            self.text = apply(self.text, edits)

    def _seen_by(self, stage: Step[Any]) -> Facts:
        """Return what the step may know: the facts, and the annotations it reads in its own text's offsets."""
        kinds = {kind: tuple(self._found[kind]) for kind in stage.reads if kind in self._found}
        if not kinds:
            return self._known
        known = self._known.having(kinds)
        if not self._changes or not any(kinds.values()):
            return known
        return known_in(known, self._map(), self.text)

    def _map(self) -> OffsetMap:
        if self._offsets is None:
            self._offsets = OffsetMap(self._changes)
        return self._offsets

    def _learn(self, item: Annotation) -> None:
        """Keep an annotation; the first of its kind fills the facts that are still open."""
        if not self._seen or (item.kind, item.start, item.end) not in self._seen:
            self._order.append(item)
        items = self._found.setdefault(item.kind, [])
        items.append(item)
        if len(items) == 1 and item.kind in FACTS:
            learned = FACTS[item.kind](item.value).items()
            fills = {name: value for name, value in learned if getattr(self._known, name) is None}
            if fills:
                self._known = replace(self._known, **fills)  # type: ignore[arg-type]


def _near(one: Edit, other: Edit) -> bool:
    return 0 <= other.start - one.end <= _GAP and other.end - one.start <= _BLOCK


def _joined(text: str, one: Edit, other: Edit) -> Edit:
    return Edit(one.start, other.end, one.text + text[one.end : other.start] + other.text, one.rule, one.score)


def _is_quiet(stage: Step[Any], text: str, quiet: Collection[str] | None) -> bool:
    if stage.guard is None:
        return False
    return stage.guard.quiet(text) if quiet is None else stage.name in quiet
