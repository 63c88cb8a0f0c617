"""Train the model of `strip_furniture`, or measure the whole method on domains it was not trained on.

    pip install catboost
    python scripts/train_furniture.py pages.jsonl.gz --folds 5          cross-validation by registrable domain
    python scripts/train_furniture.py pages.jsonl.gz --out furniture.npz

A page is `{id, url, lang, text, gold}`, its gold a body (`body`) or sentences that must and must not stay
(`with_`, `without`). Each training has two rounds: pages with bodies teach a first model, whose verdicts on
the other pages of the training domains teach the second one too, at a lower weight, and pages made of the
top of one, the story of another and the foot of a third teach it not to trust a page's frame. Titles in the
gold teach which line is the headline. The measure is that of the whole `news` preset with the dateline put back: mean precision and recall of runs of four words.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
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
from normalize.furniture.context import second_table, third_table
from normalize.furniture.features import Told, first_table
from normalize.furniture.model import Forest, Model, judge, may_be_title, name_hash, save, table_of
from normalize.presets import news
from normalize.shapes import survey
from normalize.steps import first, settle, step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from normalize import Annotation, Edit

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
SECOND = {"iterations": 200, "depth": 7, "learning_rate": 0.1, "l2_leaf_reg": 4}
TITLE = {"iterations": 120, "depth": 6, "learning_rate": 0.1, "l2_leaf_reg": 4}
SEEDS = (1, 2)  # of forests whose mean is taken
INNER = 3  # folds in which the first forest's verdicts on its own training pages are made
PSEUDO = 0.4  # weight of a line whose gold is the first round's verdict
KNOWN = 1.5  # of a line of such a page that its sentences tell
EASY, SHARE = 0.02, 0.3  # of lines that the first round finds plainly furniture this share is trained on
MIXED = 0.5  # weight of a line of a page made of three
HEAD, TAIL = 25, 3  # lines above a story where its headline is looked for, and after it that stay with it
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
    domains: tuple[str, ...]  # whose lines stand on the page


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
            if len(each.domains) > 1:  # its lines are counted where they come from
                continue
            place = arrays.bucket(each.page.word)
            short = each.page.size < 99
            for kind, (is_short, is_story) in enumerate(((True, True), (True, False), (False, True), (False, False))):
                lines = (short == is_short) & ((each.story > 0.5) == is_story)
                self.seen[each.doc.domain][kind].update(np.unique(place[lines[each.page.line]]).tolist())
        self.total = np.zeros((4, arrays.BUCKETS), np.int32)
        for sets in self.seen.values():
            for kind, places in enumerate(sets):
                self.total[kind, list(places)] += 1

    def table(self, without: tuple[str, ...] = ()) -> dict[str, NDArray[np.int8]]:
        """Return how each word speaks, as the domains other than `without` have it."""
        total = self.total.copy()
        for domain in set(without):
            for kind, places in enumerate(self.seen.get(domain, ())):
                total[kind, list(places)] -= 1
        return {"short": _speaks(total[0], total[1]), "long": _speaks(total[2], total[3])}


def _speaks(story: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.int8]:
    both = story + other
    odds = np.log((story + 1) / (other + 1)) - np.log((story.sum() + 1) / (other.sum() + 1)) * both / (both + 2)
    return np.where(both < SEEN, 0, np.clip(np.round(odds * WORD_SCALE), -127, 127)).astype(np.int8)


def train(examples: Sequence[Example]) -> tuple[Model, list[Floats]]:
    """Return a model, and the first forest's verdicts on domains new to it, which the second forest learnt from."""
    words = Words(examples)
    tables = {domains: words.table(domains) for domains in {each.domains for each in examples}}
    columns = [first_table(each.page, each.doc.found, each.told, tables[each.domains]) for each in examples]
    forest, chances = _in_turn([*map(table_of, columns)], examples, _several)
    more = [
        second_table(cols, chance, each.page) for cols, chance, each in zip(columns, chances, examples, strict=True)
    ]
    masks = [may_be_title(cols) for cols in more]
    titles, headlines = _in_turn([*map(table_of, more)], examples, partial(_title_forest, masks))
    headlines = [np.where(mask, each, 0) for mask, each in zip(masks, headlines, strict=True)]
    last = [third_table(cols, title, each.page) for cols, title, each in zip(more, headlines, examples, strict=True)]
    names = name_hash([*columns[0]]), name_hash([*last[0]])
    rows = [*map(table_of, last)]
    own = [n for n, each in enumerate(examples) if len(each.domains) == 1]
    second = merged([_several(rows, examples, chosen, SECOND) for chosen in (own, [*range(len(examples))])])
    return Model(forest, second, titles, words.table(), names), chances


def _in_turn(
    tables: list[Floats], examples: Sequence[Example], fit: Callable[..., Forest]
) -> tuple[Forest, list[Floats]]:
    """Return a forest, and the answers to each page of forests that learnt from other domains."""
    inner = [each.doc.fold(INNER * 7) % INNER for each in examples]
    answers: list[Floats] = [np.zeros(0)] * len(examples)
    for part in range(INNER):
        forest = fit(tables, examples, [n for n, each in enumerate(inner) if each != part])
        for n, each in enumerate(inner):
            if each == part:
                answers[n] = forest.answer(tables[n])
    return fit(tables, examples, [*range(len(examples))]), answers


def _title_forest(
    masks: list[NDArray[np.bool_]], tables: list[Floats], examples: Sequence[Example], chosen: list[int]
) -> Forest:
    """Return the forest that tells headlines, from the pages where a line says the title word for word."""
    rows, answers = [], []
    for n in chosen:
        doc = examples[n].doc
        wanted = fold(doc.gold.get("title") or "")
        lines = [fold(doc.text[start:end]) == wanted for start, end in doc.found.lines]
        if wanted and (masks[n] & lines).any():
            rows.append(tables[n][:, masks[n]])
            answers.append(np.array(lines, np.float64)[masks[n]])
    booster = CatBoost({**COMMON, **TITLE})
    booster.fit(Pool(np.ascontiguousarray(np.concatenate(rows, axis=1).T), np.concatenate(answers)))
    return export(booster)


def _several(
    tables: list[Floats], examples: Sequence[Example], chosen: list[int], options: Mapping[str, object] = FIRST
) -> Forest:
    """Return the mean of several forests: one alone errs by chance, and all that follows reads its verdicts."""
    return merged([_story_forest(tables, examples, chosen, {**options, "random_seed": seed}) for seed in SEEDS])


def _story_forest(
    tables: list[Floats], examples: Sequence[Example], chosen: list[int], options: Mapping[str, object]
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


def merged(forests: Sequence[Forest]) -> Forest:
    """Return one forest that answers with the mean of what several say."""
    leaves = np.concatenate([each.leaves * each.scale for each in forests]) / len(forests)
    unit = np.abs(leaves).max() / 32767
    return Forest(
        np.concatenate([each.columns for each in forests]),
        np.concatenate([each.borders for each in forests]),
        np.round(leaves / unit).astype(np.int16),
        float(unit),
        sum(each.bias for each in forests) / len(forests),
    )


def learn(docs: Sequence[Document], told: dict[str, Told]) -> Model:
    """Return the model of both rounds."""
    taught = [_example(doc, told[doc.id]) for doc in docs if doc.story is not None]
    teacher, chances = train(taught)
    again = [replace(each, easy=chance) for each, chance in zip(taught, chances, strict=True)]
    others = [_guessed(doc, told[doc.id], teacher) for doc in docs if doc.story is None]
    return train([*again, *others, *mixed(again)])[0]


def _example(doc: Document, told: Told) -> Example:
    ones = np.ones(len(doc.found.lines))
    story = ones if doc.story is None else doc.story
    return Example(doc, arrays.read_page(doc.text, doc.found.lines), told, story, ones, ones, (doc.domain,))


def mixed(examples: Sequence[Example]) -> list[Example]:
    """Return pages with the story of one page between the top of another and the foot of a third."""
    rng = np.random.default_rng(1)
    out = []
    for part in range(INNER):
        own = [each for each in examples if each.doc.fold(INNER * 7) % INNER == part and each.story.any()]
        for top, middle, foot in zip(
            rng.permutation(len(own)), range(len(own)), rng.permutation(len(own)), strict=True
        ):
            out.append(_mixed(own[top], own[middle], own[foot]))
    return out


def _mixed(top: Example, middle: Example, foot: Example) -> Example:
    (until, _), (begin, close), (_, since) = _bounds(top), _bounds(middle), _bounds(foot)
    parts = [(top, 0, until), (middle, begin, close), (foot, since, len(foot.story))]
    text = "\n\n".join(part for part in (_cut(*each) for each in parts) if part)
    found = survey(text)
    story, easy, size = (
        np.concatenate([of(each)[low:high] for each, low, high in parts])
        for of in (lambda each: each.story, lambda each: each.easy, lambda each: each.doc.size)
    )
    doc = replace(middle.doc, text=text, found=found, story=story, size=size, told=story * np.nan)
    example = _example(doc, told_of(doc))
    weight = np.full(len(story), MIXED)
    domains = (middle.doc.domain, top.doc.domain, foot.doc.domain)
    return replace(example, easy=easy, weight=weight, domains=domains)


def _cut(example: Example, low: int, high: int) -> str:
    lines = example.doc.found.lines
    return example.doc.text[lines[low].start : lines[high - 1].end] if low < high else ""


def _bounds(example: Example) -> tuple[int, int]:
    """Return where a page's story begins, with the headline above it, and ends, with the lines right after it."""
    doc, lines = example.doc, np.flatnonzero(example.story > 0.5)
    first, last = int(lines[0]), int(lines[-1])
    wanted = fold(doc.gold.get("title") or "")
    near = range(max(0, first - HEAD), first)
    titles = [n for n in near if wanted and fold(doc.text[slice(*doc.found.lines[n])]) == wanted]
    return (titles[0] if titles else max(0, first - 4)), min(last + 1 + TAIL, len(example.story))


def _guessed(doc: Document, told: Told, teacher: Model) -> Example:
    chance = np.array(judge(doc.text, doc.found, told, teacher).story)
    sharpened = np.clip((chance - 0.5) * 1.6 + 0.5, 0, 1)
    known = ~np.isnan(doc.told)
    story = np.where(known, doc.told, sharpened)
    easy, weight = np.where(known, 1, chance), np.where(known, KNOWN, PSEUDO)
    return replace(_example(doc, told), story=story, easy=easy, weight=weight)


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
