"""Measure the time budget: milliseconds of CPU per MB of text, step by step.

    python scripts/bench.py                       on a fictional corpus made for it
    python scripts/bench.py news.jsonl.gz --mb 5  on the first 5 MB of your own
    python scripts/bench.py --pages html/         what opening HTML pages costs, beside the bare parse and trafilatura

Figures are medians over repeats in which the things compared take turns, since machines are noisy. MB are
10^6 bytes of text in UTF-8. What is made from few templates flatters caches: real text is the better measure.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from operator import eq
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import click
from bench_pages import measure_pages, show_pages
from make_corpus import in_bytes, make_pages, up_to, write_lines

from corpus.batch import clean_batch
from corpus.document import Document, open_record
from corpus.guards import find_quiet
from corpus.plan import InputFile, Part
from corpus.readers import ReadOptions, Record, read
from corpus.signals import add_signals
from corpus.writer import write_shard
from normalize import Edit, Facts, Pipeline, apply, fix_mojibake, identify_language, presets, read_inline_date
from normalize.pipeline import Round
from normalize.shapes import survey
from normalize.steps import Step, known_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from normalize import Cleaned

# What may take how long, in ms of CPU per MB, and which modules' steps it is made of.
BUDGET = {"read and decode": 10, "guards, all at once": 0, "repair": 8, "language": 10, "survey of lines, shared": 0, "furniture": 25, "metadata and dateline": 10, "times": 70,
          "signals": 20, "changes, annotations, hashes to columns": 20, "Parquet": 15}  # fmt: skip
ROOMS = {"characters": "repair", "whitespace": "repair", "language": "language", "furniture": "furniture",
         "metadata": "metadata and dateline", "address": "metadata and dateline", "dateline": "metadata and dateline", "times": "times"}  # fmt: skip
SURVEY = "survey of lines, shared"
OPTIONS = ReadOptions()


class Stage(NamedTuple):
    """A step, for each document the text and the facts that it is given, and on which of them its guard fires."""

    step: Step[Any]
    texts: list[str]
    known: list[Facts]
    loud: frozenset[int]


def cpu(work: Callable[[], object]) -> float:
    """Return the seconds of CPU that `work` takes, its threads' too."""
    began = time.process_time()
    work()
    return time.process_time() - began


def take_turns(repeats: int, **works: Callable[[], object]) -> dict[str, list[float]]:
    """Return the CPU seconds of each of `works`, over repeats in which each has its turn."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            spent[name].append(cpu(work))
    return spent


def read_all(part: Part) -> list[Document]:
    """Return all documents of a file."""
    return [open_record(record) for record in read(part, OPTIONS) if isinstance(record, Record)]


def staged(pipeline: Pipeline, documents: Sequence[Document]) -> list[Stage]:
    """Return what each step of the pipeline is given."""
    stages = []
    texts, known = [d.text for d in documents], [d.facts for d in documents]
    for step in pipeline.steps:
        loud = frozenset(
            n for n, (text, facts) in enumerate(zip(texts, known, strict=True)) if _is_asked(step, text, facts)
        )
        stages.append(Stage(step, texts, known, loud))
        done = [Pipeline((step,)).run(text, facts) for text, facts in zip(texts, known, strict=True)]
        texts = [cleaned.text for cleaned in done]
        known = [_passed_on(step, facts, cleaned) for facts, cleaned in zip(known, done, strict=True)]
    return stages


def _is_asked(step: Step[Any], text: str, known: Facts) -> bool:
    """Return whether a pipeline asks the step: its guard fires, and there may be something to cut."""
    quiet = step.guard is not None and step.guard.quiet(text)
    return not quiet and (not step.cuts or any(known.found(kind) != () for kind in step.cuts))


def _passed_on(step: Step[Any], before: Facts, done: Cleaned) -> Facts:
    """Return what the next step may know."""
    fresh = {
        kind: (*(before.found(kind) or ()), *(a for a in done.annotations if a.kind == kind)) for kind in step.provides
    }
    known = Facts(**{f: getattr(done.facts, f) for f in Facts.__slots__ if f != "annotations"},
                  annotations={**before.annotations, **fresh})  # fmt: skip
    return known_in(known, done.offsets(), done.text)


def find_all(stages: Sequence[Stage]) -> dict[str, float]:
    """Return the CPU seconds that each step takes to find what it finds, where its guard fires.

    Document by document, as in a run. The survey of a text's lines, which the steps that read them share, is
    taken apart.
    """
    clock = time.process_time_ns
    asked = min(cpu(lambda: [clock() for _ in range(1000)]) for _ in range(5)) / 1000  # what asking the time takes
    spent = dict.fromkeys((SURVEY, *(stage.step.name for stage in stages)), 0.0)
    for n in range(len(stages[0].texts)):
        for stage in stages:
            if stage.step is read_inline_date:  # the first to look at lines
                began = clock()
                survey(stage.texts[n])
                spent[SURVEY] += (clock() - began) / 1e9 - asked
            if n in stage.loud:
                began = clock()
                for _ in stage.step.find(stage.texts[n], stage.known[n]):
                    pass
                spent[stage.step.name] += (clock() - began) / 1e9 - asked
    return spent


def clean_keeping(stages: Sequence[Stage], which: Sequence[int]) -> list[str]:
    """Return the clean texts by way of the pipeline; which guards fire is known, as a batch knows it."""
    done = []
    for n in which:
        run = presets.news.begin(stages[0].texts[n], stages[0].known[n])
        for stage in stages:
            run.advance((stage.step,), () if n in stage.loud else (stage.step.name,))
        done.append(run.finish().text)
    return done


def clean_without_keeping(stages: Sequence[Stage], which: Sequence[int]) -> list[str]:
    """Return the clean texts: the same edits found and applied, and neither they nor the facts kept."""
    done = []
    for n in which:
        text = stages[0].texts[n]
        for stage in stages:
            if n in stage.loud:
                edits = [found for found in stage.step.find(text, stage.known[n]) if isinstance(found, Edit)]
                text = apply(text, edits) if edits else text
        done.append(text)
    return done


def compare_keeping(stages: Sequence[Stage], repeats: int) -> tuple[float, float]:
    """Return what keeping costs, as a share of doing without, and the share of documents with the same text.

    The difference is smaller than a busy machine's noise: the two take turns every few documents, and of
    all repeats the least disturbed counts.
    """
    documents = range(len(stages[0].texts))
    kept = plain = 0.0
    same = 0
    for start in documents[::16]:
        which = documents[start : start + 16]
        works = {"kept": partial(clean_keeping, stages, which), "plain": partial(clean_without_keeping, stages, which)}
        spent = take_turns(repeats, **works)
        kept, plain = kept + min(spent["kept"]), plain + min(spent["plain"])
        same += sum(map(eq, clean_keeping(stages, which), clean_without_keeping(stages, which)))
    return kept / plain - 1, same / len(documents)


class Replay(NamedTuple):
    """A pipeline that gives back what was cleaned before: what is left is the work on columns."""

    cleaned: Iterator[Cleaned]
    steps: tuple[()] = ()
    rounds: tuple[Round, Round] = (Round((), ()), Round((), ()))

    def begin(self, _text: str, _known: Facts) -> Replayed:
        """Return a run that is at its end."""
        return Replayed(next(self.cleaned))


class Replayed(NamedTuple):
    """A run of it."""

    cleaned: Cleaned

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self.cleaned.text

    def advance(self, *_: object) -> None:
        """Do nothing."""

    def settle(self, *_: object) -> None:
        """Do nothing."""

    def finish(self) -> Cleaned:
        """Return what became of the text."""
        return self.cleaned


def child(*arguments: str) -> float:
    """Return the seconds of CPU that a Python process takes, and its own children."""
    before = os.times()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.PIPE, env=environment)  # noqa: S603 (our own arguments)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def import_time() -> float:
    """Return the seconds of CPU that `import normalize` takes in a fresh process."""
    code = "import time; began = time.process_time(); import normalize; print(time.process_time() - began)"
    return float(subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603


def repair(texts: Sequence[str]) -> list[str]:
    """Return the texts with wrong decodings undone, as a batch does it: guards first."""
    quiet = find_quiet(texts, (fix_mojibake,))
    return [text if names else fix_mojibake(text) for text, names in zip(texts, quiet, strict=True)]


def compare_peers(texts: Sequence[str], repeats: int) -> dict[str, float]:
    """Return how many times as fast as ftfy and langdetect repair and language are, and how often repair is the same.

    ftfy does what `fix_mojibake` does and nothing else; langdetect, which is slow, sees no more than forty texts.
    """
    import ftfy  # noqa: PLC0415 (compared with, not used)

    config = ftfy.TextFixerConfig(
        unescape_html=False, remove_terminal_escapes=False, fix_latin_ligatures=False, fix_character_width=False, uncurl_quotes=False,
        fix_line_breaks=False, fix_surrogates=False, remove_control_chars=False, normalization=None, explain=False,
    )  # fmt: skip
    fewer = texts[:: max(1, len(texts) // 40)]
    spent = take_turns(
        repeats,
        ours=lambda: repair(texts),
        ftfy=lambda: [ftfy.fix_text(text, config) for text in texts],
        cld2=lambda: [identify_language(text) for text in fewer],
        langdetect=lambda: [identify_language(text, engine="langdetect") for text in fewer],
    )
    theirs = [ftfy.fix_text(text, config) for text in texts]
    middle = {name: median(seconds) for name, seconds in spent.items()}
    return {
        "repair_times_ftfy": middle["ftfy"] / middle["ours"],
        "repair_same": sum(map(eq, repair(texts), theirs)) / len(texts),
        "language_times_langdetect": middle["langdetect"] / middle["cld2"],
    }


def measure(data: Path, repeats: int, folder: Path) -> dict[str, Any]:
    """Return all figures about the JSONL file `data`."""
    import ftfy  # noqa: PLC0415 (compared with, not used)
    import polars as pl  # noqa: PLC0415

    part = Part(InputFile(str(data), data.name, "jsonl"))
    documents = read_all(part)
    texts, facts = [d.text for d in documents], [d.facts for d in documents]
    mb = sum(len(text.encode()) for text in texts) / 1e6
    stages = staged(presets.news, documents)
    cleaned = [presets.news.run(text, known) for text, known in zip(texts, facts, strict=True)]
    command = ["-c", "from corpus.cli import main; main()"]
    (folder / "one.txt").write_text("One sentence is enough to start everything.", encoding="utf-8")
    run, start = (
        [*command, "run", str(what), "-o", str(folder / out), "--workers", "1", "--overwrite"]
        for what, out in ((data, "out"), (folder / "one.txt", "start"))
    )
    child(*run)
    frame = pl.read_parquet(folder / "out" / "data" / "*.parquet")

    bare = frame.drop(name for name in frame.columns if name.startswith("q_"))
    by_step: list[dict[str, float]] = []
    works: dict[str, Callable[[], object]] = {
        "read and decode": lambda: read_all(part),
        "guards, all at once": lambda: find_quiet(texts, presets.news.steps),
        "steps": lambda: by_step.append(find_all(stages)),
        "changes, annotations, hashes to columns": lambda: clean_batch(
            texts, facts, pipeline=cast("Pipeline", Replay(iter(cleaned)))
        ),
        "signals": lambda: add_signals(bare, [len(text) for text in texts]),
        "Parquet": lambda: write_shard(folder / "part.parquet", lambda: iter([frame])),
        "clean_batch": lambda: clean_batch(texts, facts),
        "Pipeline.run, guards asked in Python": lambda: [
            presets.news.run(text, known) for text, known in zip(texts, facts, strict=True)
        ],
        "ftfy.fix_text per document": lambda: [ftfy.fix_text(text) for text in texts],
        "polars scan_ndjson to sink_parquet": lambda: pl.scan_ndjson(data).sink_parquet(folder / "floor.parquet"),
    }
    spent = take_turns(repeats, **works)
    keeping, same = compare_keeping(stages, repeats)
    per_mb = {name: 1e3 * median(seconds) / mb for name, seconds in spent.items()}
    start_up = median(child(*start) for _ in range(repeats))
    per_mb["copydesk run, one worker"] = 1e3 * (median(child(*run) for _ in range(repeats)) - start_up) / mb
    per_mb.pop("steps")  # with what the clock takes
    steps = {name: 1e3 * median(once[name] for once in by_step) / mb for name in by_step[0]}
    per_mb[SURVEY] = steps.pop(SURVEY)
    room = {s.step.name: ROOMS.get(s.step.__module__.split(".")[1], s.step.__module__) for s in stages}
    rows = {
        name: per_mb[name] if name in per_mb else sum(ms for step, ms in steps.items() if room[step] == name)
        for name in BUDGET
    }
    rows["changes, annotations, hashes to columns"] -= rows["signals"]  # which are measured among them
    return {
        "documents": len(documents), "mb": mb, "repeats": repeats, "ms_per_mb": rows, "steps": steps,
        "others": {name: ms for name, ms in per_mb.items() if name not in BUDGET},
        **compare_peers(texts, repeats),
        "same_text_without_keeping": same,
        "keeping_changes_overhead": keeping,
        "import_normalize_s": median(import_time() for _ in range(repeats)),
        "copydesk_run_start_up_s": start_up, "copydesk_help_s": median(child(*command, "--help") for _ in range(repeats)),
    }  # fmt: skip


def show(figures: dict[str, Any]) -> None:
    """Print the figures as a table."""
    print(f"{figures['documents']:,} documents, {figures['mb']:.2f} MB, medians of {figures['repeats']} repeats\n")
    print(f"{'ms of CPU per MB':<46}{'budget':>8}{'measured':>10}{'MB/s':>9}")
    rows = [(name, BUDGET[name], ms) for name, ms in figures["ms_per_mb"].items()]
    rows.append(("sum", sum(BUDGET.values()), sum(figures["ms_per_mb"].values())))
    for name, budget, ms in rows:
        print(f"{name:<46}{budget or '':>8}{ms:>10.1f}{1e3 / ms if ms else 0:>9.0f}")
    for title, group in (("each step", figures["steps"]), ("in the same run", figures["others"])):
        print(f"\n{title}")
        for name, ms in group.items():
            print(f"  {name:<52}{ms:>10.1f}{1e3 / ms if ms else 0:>9.1f}")
    whole = figures["others"]["copydesk run, one worker"]
    for name in ("ftfy.fix_text per document", "polars scan_ndjson to sink_parquet"):
        print(f"\ncopydesk run takes {whole / figures['others'][name]:.2f} times the CPU of {name}", end="")
    print(
        f"\nguarded repair is {figures['repair_times_ftfy']:.1f} times as fast as ftfy with the same settings (same text in"
        f" {figures['repair_same']:.2%} of documents); naming the language is {figures['language_times_langdetect']:.0f}"
        f" times as fast as langdetect",
        end="",
    )
    print(f"\nkeeping changes costs {figures['keeping_changes_overhead']:+.1%} over applying the same edits"
          f" (same text in {figures['same_text_without_keeping']:.2%} of documents)")  # fmt: skip
    print(
        f"CPU to start: import normalize {figures['import_normalize_s']:.3f} s, copydesk --help"
        f" {figures['copydesk_help_s']:.3f} s, copydesk run on one sentence {figures['copydesk_run_start_up_s']:.3f} s"
    )


def first_lines(data: Path, size: float, out: Path) -> None:
    """Write the first lines of `data` until their texts make `size` bytes."""
    made = 0
    with gzip.open(data) if data.suffix == ".gz" else data.open("rb") as lines, out.open("wb") as f:
        for line in lines:
            text = json.loads(line).get("text")
            if isinstance(text, str):
                made += len(text.encode())
                f.write(line)
            if made >= size:
                break


@click.command(help=__doc__)
@click.argument("data", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--mb", default=2.0, show_default=True, help="How much of it.")
@click.option("--pages", type=click.Path(path_type=Path, exists=True), help="Open these: a folder of HTML, or JSONL.")
@click.option("--repeats", default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(data: Path | None, mb: float, pages: Path | None, repeats: int, as_json: bool) -> None:
    """Prepare the data, measure, show."""
    if pages is not None:
        opened = measure_pages(pages, repeats)
        print(json.dumps(opened, indent=1)) if as_json else show_pages(opened)
        return
    with tempfile.TemporaryDirectory() as name:
        lines = Path(name) / "data.jsonl"
        if data is None:
            write_lines(lines, up_to(in_bytes(f"{mb}MB"), make_pages(languages=("en",))))
        else:
            first_lines(data, mb * 1e6, lines)
        figures = measure(lines, repeats, Path(name))
    print(json.dumps(figures, indent=1)) if as_json else show(figures)


if __name__ == "__main__":
    main()
