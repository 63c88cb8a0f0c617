"""Train the model of `strip_furniture`, or measure the whole method on domains it was not trained on.

    pip install catboost
    python scripts/train_furniture.py pages.jsonl.gz --folds 5          cross-validation by registrable domain
    python scripts/train_furniture.py pages.jsonl.gz --out furniture.npz

A page is `{id, url, lang, text, gold}`, its gold a body (`body`) or sentences that must and must not stay
(`with_`, `without`). Each training has two rounds: pages with bodies teach a first model, whose verdicts on
the other pages of the training domains teach the second one too, at a lower weight. The measure is that of
the whole `news` preset with the dateline put back: mean precision and recall of runs of four words.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
import numpy as np
from catboost import CatBoost, Pool  # type: ignore[import-untyped]
from furniture_gold import Document, fold, read_documents, score, score_segments

from normalize import Facts, Pipeline
from normalize.facts import UNKNOWN
from normalize.furniture import arrays, find_captions, find_notices, headline, page, verdicts
from normalize.furniture.features import Told, first_table, second_table
from normalize.furniture.model import Forest, Model, judge, may_be_title, name_hash, save, table_of
from normalize.presets import news
from normalize.steps import first, settle, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from normalize import Annotation, Edit
    from normalize.furniture.features import Columns

    Floats = NDArray[np.floating]

COMMON = {
    "loss_function": "CrossEntropy",
    "rsm": 0.3,
    "border_count": 48,
    "random_seed": 1,
    "thread_count": 2,
    "verbose": False,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.7,
    "boosting_type": "Plain",
    "allow_writing_files": False,
    "leaf_estimation_iterations": 2,
}
FIRST = {"iterations": 110, "depth": 6, "learning_rate": 0.1, "l2_leaf_reg": 8}
SECOND = {"iterations": 300, "depth": 7, "learning_rate": 0.1, "l2_leaf_reg": 4}
TITLE = {"iterations": 120, "depth": 6, "learning_rate": 0.1, "l2_leaf_reg": 4}
INNER = 3  # folds in which the first forest's verdicts on its own training pages are made
PSEUDO = 0.4  # weight of a line whose gold is the first round's verdict
KNOWN = 1.5  # of a line of such a page that its sentences tell
EASY, SHARE = 0.02, 0.3  # of lines that the first round finds plainly furniture this share is trained on
WORD_SCALE = 20
SEEN = 3  # domains in which a word must stand to speak


@dataclass
class Example:
    """A page with what it teaches: how much each line is story, how easy that is, and the page's weight."""

    doc: Document
    page: arrays.Page
    told: Told
    story: Floats
    easy: Floats
    weight: Floats


def told_of(doc: Document) -> Told:
    """Return what the steps before `strip_furniture` read on the page."""
    captions, notices = (
        frozenset(verdicts.line_numbers(doc.text, UNKNOWN, doc.found, reader))
        for reader in (find_captions, find_notices)
    )
    return Told(captions, notices, verdicts.address_of(doc.url))


class Words:
    """In how many domains each word stands in story lines and in others, apart for short and long lines."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.seen: dict[str, list[set[int]]] = defaultdict(lambda: [set(), set(), set(), set()])
        for each in examples:
            place = arrays.bucket(each.page.word)
            short = each.page.size < 99
            for kind, (is_short, is_story) in enumerate(((True, True), (True, False), (False, True), (False, False))):
                lines = (short == is_short) & ((each.story > 0.5) == is_story)
                self.seen[each.doc.domain][kind].update(np.unique(place[lines[each.page.line]]).tolist())
        self.total = np.zeros((4, arrays.BUCKETS), np.int32)
        for sets in self.seen.values():
            for kind, places in enumerate(sets):
                self.total[kind, list(places)] += 1

    def table(self, without: str = "") -> dict[str, NDArray[np.int8]]:
        """Return how each word speaks, as the domains other than `without` have it."""
        total = self.total.copy()
        for kind, places in enumerate(self.seen.get(without, ())):
            total[kind, list(places)] -= 1
        return {"short": _speaks(total[0], total[1]), "long": _speaks(total[2], total[3])}


def _speaks(story: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.int8]:
    both = story + other
    odds = np.log((story + 1) / (other + 1)) - np.log((story.sum() + 1) / (other.sum() + 1)) * both / (both + 2)
    return np.where(both < SEEN, 0, np.clip(np.round(odds * WORD_SCALE), -127, 127)).astype(np.int8)


def train(examples: Sequence[Example]) -> tuple[Model, list[Floats]]:
    """Return a model, and the first forest's verdicts on domains new to it, which the second forest learnt from."""
    words = Words(examples)
    tables = {domain: words.table(domain) for domain in words.seen}
    columns = [first_table(each.page, each.doc.found, each.told, tables[each.doc.domain]) for each in examples]
    rows = [table_of(each) for each in columns]
    inner = [each.doc.fold(INNER * 7) % INNER for each in examples]
    chances: list[Floats] = [np.zeros(0)] * len(examples)
    for part in range(INNER):
        forest = _forest(rows, examples, FIRST, [n for n, each in enumerate(inner) if each != part])
        for n, each in enumerate(inner):
            if each == part:
                chances[n] = forest.answer(rows[n])
    everything = list(range(len(examples)))
    forest = _forest(rows, examples, FIRST, everything)
    more = [second_table(each, chance) for each, chance in zip(columns, chances, strict=True)]
    names = (name_hash(list(columns[0])), name_hash(list(more[0])))
    second = [*map(table_of, more)]
    titles = _title_forest(second, more, examples)
    return Model(forest, _forest(second, examples, SECOND, everything), titles, words.table(), names), chances


def _title_forest(tables: list[Floats], columns: list[Columns], examples: Sequence[Example]) -> Forest:
    """Return the forest that tells headlines, from the pages where a line says the title word for word."""
    rows, answers = [], []
    for table, cols, each in zip(tables, columns, examples, strict=True):
        wanted = fold(each.doc.gold.get("title") or "")
        lines = [fold(each.doc.text[start:end]) == wanted for start, end in each.doc.found.lines]
        short = may_be_title(cols)
        if wanted and (short & lines).any():
            rows.append(table[:, short])
            answers.append(np.array(lines, np.float64)[short])
    booster = CatBoost({**COMMON, **TITLE})
    booster.fit(Pool(np.ascontiguousarray(np.concatenate(rows, axis=1).T), np.concatenate(answers)))
    return export(booster)


def _forest(
    tables: list[Floats], examples: Sequence[Example], options: Mapping[str, object], chosen: list[int]
) -> Forest:
    kept, weights = zip(*(_thinned(examples[n]) for n in chosen), strict=True)
    rows = np.concatenate([tables[n][:, keep] for n, keep in zip(chosen, kept, strict=True)], axis=1).T
    story = np.concatenate([examples[n].story[keep] for n, keep in zip(chosen, kept, strict=True)])
    booster = CatBoost({**COMMON, **options})
    booster.fit(Pool(np.ascontiguousarray(rows), story, weight=np.concatenate(weights)))
    return export(booster)


def _thinned(example: Example) -> tuple[NDArray[np.bool_], Floats]:
    """Return which lines of a page are trained on, and their weights: long lines count more, long pages less a line."""
    easy = (example.story < 0.5) & (example.easy < EASY)
    keep = ~easy | (np.random.default_rng(len(easy)).random(len(easy)) < SHARE)
    weight = (0.35 + np.minimum(example.doc.size, 60) / 30) * np.sqrt(200 / len(easy)) * example.weight
    return keep, (weight * np.where(easy, 1 / SHARE, 1.0))[keep]


def export(booster: CatBoost) -> Forest:
    """Return CatBoost's symmetric trees as arrays, the answers as whole numbers of 16 bits."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        booster.save_model(str(path), format="json")
        raw = json.loads(path.read_text())
    trees = [tree for tree in raw["oblivious_trees"] if tree["splits"]]
    levels = max(len(tree["splits"]) for tree in trees)
    columns = np.zeros((len(trees), levels), np.uint16)
    borders = np.full((len(trees), levels), np.inf, np.float32)  # a level that is not there is never passed
    leaves = np.zeros((len(trees), 1 << levels), np.float64)
    for n, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            columns[n, level], borders[n, level] = split["float_feature_index"], split["border"]
        leaves[n, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, (bias,) = raw["scale_and_bias"]
    bias += sum(tree["leaf_values"][0] for tree in raw["oblivious_trees"] if not tree["splits"]) * scale
    unit = np.abs(leaves).max() / 32767
    return Forest(columns, borders, np.round(leaves / unit).astype(np.int16), float(unit * scale), float(bias))


def learn(docs: Sequence[Document], told: dict[str, Told]) -> Model:
    """Return the model of both rounds."""
    pages = {doc.id: arrays.read_page(doc.text, doc.found.lines) for doc in docs}
    taught = [
        Example(doc, pages[doc.id], told[doc.id], doc.story, np.ones(len(doc.story)), np.ones(len(doc.story)))
        for doc in docs
        if doc.story is not None
    ]
    teacher, chances = train(taught)
    again = [replace(each, easy=chance) for each, chance in zip(taught, chances, strict=True)]
    others = [_guessed(doc, pages[doc.id], told[doc.id], teacher) for doc in docs if doc.story is None]
    return train([*again, *others])[0]


def _guessed(doc: Document, lines: arrays.Page, told: Told, teacher: Model) -> Example:
    chance = np.array(judge(doc.text, doc.found, told, teacher).story)
    sharpened = np.clip((chance - 0.5) * 1.6 + 0.5, 0, 1)
    known = ~np.isnan(doc.told)
    story = np.where(known, doc.told, sharpened)
    return Example(doc, lines, told, story, np.where(known, 1, chance), np.where(known, KNOWN, PSEUDO))


def pipeline_with(model: Model) -> Pipeline:
    """Return the `news` preset with another model, without the steps that change no text."""

    @step(reads=("url", *verdicts.KINDS), provides=("title",), answer=first(str))
    def read_headline(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
        yield from headline.find_headline(text, known, model)

    @step(reads=("url", *verdicts.KINDS))
    @settle()
    def strip_furniture(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
        yield from page.find_lines(text, known, (), model)

    own = {each.name: each for each in (read_headline, strip_furniture)}
    return Pipeline(tuple(own.get(each.name, each) for each in news.steps if each.name != "find_times"))


def clean(doc: Document, pipeline: Pipeline) -> tuple[str, str]:
    """Return a page's story, its dateline back where it stood, and the headline."""
    done = pipeline.run(doc.source, Facts(url=doc.url or None))
    line = done.facts.dateline
    title = done.facts.title or ""
    if line is None:
        return done.text, title
    at = done.offsets().place(line.start)
    if done.text[at:].lstrip().startswith(line.text):
        return done.text, title
    return f"{done.text[:at]} {line.text} {done.text[at:]}", title


def report(results: list[tuple[Document, str, str]]) -> None:
    """Print the figures of pages with bodies, of the English ones, of headlines and of sentences."""
    with_body = [row for row in results if row[0].story is not None]
    print("all", _line([(got, doc.gold["body"]) for doc, got, _ in with_body]))
    english = [(got, doc.gold["body"]) for doc, got, _ in with_body if doc.language.startswith("en")]
    if english:
        print("english", _line(english))
    titles = [fold(title) == fold(doc.gold["title"]) for doc, _, title in with_body if doc.gold.get("title")]
    print("title", round(float(np.mean(titles)), 4) if titles else "none")
    sentences = score_segments([(doc, got) for doc, got, _ in results if "with_" in doc.gold])
    print("segments", {name: round(figure, 4) for name, figure in sentences.items()}, flush=True)


def _line(pairs: list[tuple[str, str]]) -> str:
    return " ".join(f"{name} {figure:.4g}" for name, figure in score(pairs).items())


@click.command(help=__doc__)
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--folds", default=0, help="Measure by so many folds.")
@click.option("--only", default=-1, help="Measure this fold alone.")
@click.option("--out", type=click.Path(path_type=Path), help="Train on everything and write the model here.")
def main(data: Path, folds: int, only: int, out: Path | None) -> None:
    """Measure, train, or both."""
    docs = read_documents(data)
    told = {doc.id: told_of(doc) for doc in docs}
    results: list[tuple[Document, str, str]] = []
    for part in range(folds) if only < 0 else [only]:
        began = time.monotonic()
        model = learn([doc for doc in docs if doc.fold(folds) != part], told)
        pipeline = pipeline_with(model)
        results += [(doc, *clean(doc, pipeline)) for doc in docs if doc.fold(folds) == part]
        print(f"fold {part}, {time.monotonic() - began:.0f} s")
        report(results)
    if out is not None:
        save(learn(docs, told), out)
        print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
