"""Pipelines: steps in order, over one text, with every change and every fact kept."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from normalize.edits import Change, Edit, OffsetMap, apply, compose, restore
from normalize.facts import KINDS, UNKNOWN, Annotation, Facts
from normalize.steps import Step, known_in, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Annotation kind -> the fields of Facts that its first annotation fills, where the record left them open.
FACTS: Mapping[str, Callable[[Any], dict[str, object]]] = {
    "published": lambda moment: {"published": moment.days, "published_at": moment.at},
    "dateline": lambda dateline: {"dateline": dateline},
    "language": lambda language: {"language": language.code},
    "title": lambda words: {"title": words},
}
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


@dataclass(frozen=True)
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
    """

    steps: tuple[Step[Any], ...]
    disabled: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        names = [stage.name for stage in self.steps]
        for name in names:
            if names.count(name) > 1:
                raise PipelineError(f"step {name!r} stands in the pipeline twice")
        for rule in self.disabled:
            if rule.partition(":")[0] not in names:
                raise PipelineError(f"cannot disable {rule!r}: no such step; the steps are {', '.join(names)}")
        provider = {kind: stage.name for stage in self.steps for kind in stage.provides}
        before: set[str] = set()
        for stage in self.steps:
            for kind in stage.reads:
                if kind in provider and kind not in before:
                    raise PipelineError(f"{stage.name} reads {kind!r}, which {provider[kind]} provides only after it")
                if kind not in provider and kind not in _FIELDS and kind not in KINDS:
                    choices = ", ".join(sorted(_FIELDS | KINDS.keys() | provider.keys()))
                    raise PipelineError(f"{stage.name} reads {kind!r}, which nothing provides; there are {choices}")
            before.update(stage.provides)

    def run(self, text: str, known: Facts = UNKNOWN) -> Cleaned:
        """Return what the steps make of `text`, given what is `known` of the document."""
        current = text
        changes: list[Change] = []
        offsets = OffsetMap(())
        found: dict[str, list[Annotation]] = {}
        order: list[Annotation] = []
        entered: list[str] = []
        for stage in self.steps:
            fresh = {kind: found.setdefault(kind, []) for kind in stage.provides}
            if stage.name in self.disabled or (stage.guard is not None and stage.guard.quiet(current)):
                continue
            entered.append(stage.name)
            edits: list[Edit] = []
            for item in stage.find(current, self._seen_by(stage, known, found, offsets, current)):
                if isinstance(item, Edit):
                    edits.append(item)
                    continue
                at_home = placed(item, offsets, text)
                order.append(at_home)
                fresh.setdefault(item.kind, found.setdefault(item.kind, [])).append(at_home)
            known = _learned(known, fresh)
            if self.disabled:
                edits = [e for e in edits if f"{stage.name}:{e.rule}" not in self.disabled]
            if edits:
                changes = compose(text, changes, edits, stage.name)
                current = apply(current, edits)
                offsets = OffsetMap(changes)
        return Cleaned(text, current, tuple(changes), tuple(order), known, tuple(entered))

    def _seen_by(
        self, stage: Step[Any], known: Facts, found: Mapping[str, Iterable[Annotation]], offsets: OffsetMap, text: str
    ) -> Facts:
        """Return what the step may know: the facts, and the annotations it reads in its own text's offsets."""
        kinds = {kind: tuple(found[kind]) for kind in stage.reads if kind in found}
        return known_in(replace(known, annotations=kinds), offsets, text) if kinds else known


def _learned(known: Facts, fresh: Mapping[str, list[Annotation]]) -> Facts:
    for kind, items in fresh.items():
        if items and kind in FACTS:
            learned = {
                name: value for name, value in FACTS[kind](items[0].value).items() if getattr(known, name) is None
            }
            if learned:
                known = replace(known, **learned)  # type: ignore[arg-type]
    return known
