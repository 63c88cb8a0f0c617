"""What several commands share: exit statuses, options, and how they fail."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corpus.config import Config
    from corpus.plan import Format, Plan
    from corpus.readers import ReadOptions

# Exit statuses: the contract of the command.
DONE, REJECTED, USAGE, FAILED = 0, 1, 2, 3
T = TypeVar("T")
_UNITS = {"": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "kb": 10**3, "mb": 10**6, "gb": 10**9}


class CorpusType(click.Path):
    """A corpus: a folder of this machine that there is, or an fsspec URL of one in a store."""

    name = "corpus"

    def __init__(self) -> None:
        super().__init__(path_type=Path, exists=True, file_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 (as click has it)
        """Return the folder, or the URL as it is."""
        from corpus.readers.streams import is_url  # noqa: PLC0415 (--help need not wait for the readers)

        if is_url(str(value)) and not str(value).startswith("file://"):
            return value
        return super().convert(str(value).removeprefix("file://"), param, ctx)


def size(_context: click.Context, _parameter: click.Parameter, value: str) -> int:
    """Return a size in bytes: 67108864, 64MiB, 10 MB."""
    found = re.fullmatch(r"(\d+)\s*([kmg]i?b)?", value.strip().lower())
    if not found:
        raise click.BadParameter(f"{value!r} is no size; write 67108864, 64MiB or 64MB")
    return int(found[1]) * _UNITS[found[2] or ""]


def most(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[float, bool] | None:
    """Return a number of records and False, or a percentage and True."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", value.strip())
    if not found or (not found[2] and "." in found[1]):
        raise click.BadParameter(f"{value!r} is neither a number of records nor a percentage; write 100 or 0.5%")
    return float(found[1]), bool(found[2])


def configured(
    path: Path | None, preset: str | None, disable: tuple[str, ...], furniture: Path | None = None
) -> Config:
    """Return the configuration: the file, then the options over it."""
    from corpus.config import Config, ConfigError, combine, read_config  # noqa: PLC0415

    try:
        chosen = combine(read_config(path) if path else Config(), preset=preset, disable=disable)
        if furniture is not None:
            chosen = _furnished(chosen, furniture)
        chosen.pipeline()
    except ConfigError as error:
        fail(str(error), USAGE)
    return chosen


def _furnished(chosen: Config, furniture: Path) -> Config:
    """Return the configuration with the lines of sites that a person reviewed."""
    from corpus.learn import read_templates  # noqa: PLC0415

    own = {**chosen.steps.get("strip_furniture", {}), "templates": read_templates(furniture)}
    return replace(chosen, steps={**chosen.steps, "strip_furniture": own})


def read_options(encoding: str, max_record_bytes: int, *, decode_all: bool) -> ReadOptions:
    """Return how to read, in the words of the options."""
    from corpus.readers import ReadOptions  # noqa: PLC0415

    return ReadOptions("auto" if encoding == "auto" else "utf-8", max_record_bytes, decode_all)


def planned(
    inputs: tuple[str, ...],
    format_: str | None,
    *,
    decode_all: bool,
    one_task: bool,
    task_bytes: int | None = None,
    out: str | None = None,
) -> Plan:
    """Return what is to be read, or say which input cannot be."""
    from corpus.plan import TASK_BYTES, InputError, Plan, Task  # noqa: PLC0415
    from corpus.plan import plan as make_plan  # noqa: PLC0415

    try:
        plan = make_plan(
            inputs,
            format=cast("Format | None", format_),
            decode_all=decode_all,
            task_bytes=max(task_bytes or TASK_BYTES, 1),
            out=out,
        )
    except InputError as error:
        fail(str(error), USAGE)
    if one_task and len(plan.tasks) > 1:
        parts = tuple(part for task in plan.tasks for part in task.parts)
        return Plan((Task(0, parts, sum(task.weight for task in plan.tasks)),), plan.notes)
    return plan


@contextmanager
def fetched(corpus: Path | str, *, returned: tuple[str, ...] = ()) -> Iterator[Path]:
    """Give a corpus as a folder of this machine: of one in a store a copy, of which the files `returned` are put back.

    A fault of the corpus ends the command.
    """
    from corpus.outputs import open_output  # noqa: PLC0415
    from corpus.progress import StageLine  # noqa: PLC0415
    from corpus.verify import CorpusError, read_manifest  # noqa: PLC0415

    line = StageLine()
    output = open_output(corpus)
    try:
        read_manifest(output)
        with output.whole(line, returned=returned) as folder:
            line.close()
            try:
                yield folder
            except CorpusError as error:
                raise CorpusError(str(error).replace(str(folder), str(output))) from error
    except CorpusError as error:
        fail(str(error), FAILED)


def or_fail(action: Callable[[], T]) -> T:
    """Return what `action` does; a fault of the corpus ends the command."""
    from corpus.verify import CorpusError  # noqa: PLC0415

    try:
        return action()
    except CorpusError as error:
        fail(str(error), FAILED)


def complete_rules(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the steps and rules that begin so, for a shell to offer."""
    from corpus.meanings import rule_meanings  # noqa: PLC0415

    meanings = rule_meanings()
    steps = dict.fromkeys(name.partition(":")[0] for name in meanings)
    found = [CompletionItem(name, help="all of its rules") for name in steps if name.startswith(begun)]
    return found + [CompletionItem(name, help=told) for name, told in meanings.items() if name.startswith(begun)]


def complete_presets(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the presets that begin so, for a shell to offer."""
    told = {"news": "all of it", "text": "characters and whitespace", "decode": "letters as they are"}
    return [CompletionItem(name, help=told[name]) for name in told if name.startswith(begun)]


def write_page(path: Path, page: str) -> None:
    """Write a page, or say what is in the way."""
    from corpus.writer import write_text  # noqa: PLC0415

    if not path.parent.is_dir():
        fail(f"there is no folder {path.parent} to write {path.name} into", USAGE)
    write_text(path, page)


def fail(message: str, status: int) -> NoReturn:
    """End the command in one sentence."""
    click.echo(f"error: {message}", err=True)
    sys.exit(status)
