"""The model: how likely each line of a page belongs to its story, by forests of symmetric trees.

Trained by `scripts/train_furniture.py`; `normalize/data/furniture.npz` holds numbers only. A tree asks the
same question of all lines on each of its levels, so a forest is a few operations on arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from normalize.furniture.arrays import read_page
from normalize.furniture.comments import comment_heads
from normalize.furniture.context import second_table, third_table
from normalize.furniture.features import Told, first_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from normalize.furniture.arrays import Floats, Ints, Page
    from normalize.furniture.features import Columns
    from normalize.shapes import Survey

UNLIKELY = 0.02  # lines below this after the first forest are not asked about again
SHORTEST, LONGEST = 8, 220  # letters of a headline
_CUT = 2.5  # runs of three words: one at each end


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees x levels of questions "is this column above that border?", and trees x leaves of answers."""

    columns: NDArray[np.uint16]
    borders: NDArray[np.float32]
    leaves: NDArray[np.int16]
    scale: float
    bias: float

    @cached_property
    def questions(self) -> Questions:
        """The questions, each once: a third of them is asked by several trees."""
        pairs = np.stack((self.columns.ravel(), self.borders.ravel()))
        distinct, number = np.unique(pairs, axis=1, return_inverse=True)
        first = np.arange(len(self.leaves), dtype=np.int64) * self.leaves.shape[1]
        number = number.reshape(self.columns.shape).T[::-1]
        return Questions(
            distinct[0].astype(np.int64), distinct[1][:, None].astype(np.float32), [*number], first[:, None]
        )

    def answer(self, table: Floats) -> Floats:
        """Return for each line (a column of `table`) how likely it is the story's."""
        asked = self.questions
        above = (table.take(asked.columns, axis=0) > asked.borders).view(np.uint8)
        leaf = np.zeros((len(self.leaves), table.shape[1]), np.uint8)
        for level in asked.levels:
            leaf += leaf
            leaf |= above.take(level, axis=0)
        total = self.leaves.ravel().take(leaf + asked.first).sum(axis=0, dtype=np.int32)
        chance: Floats = (1 / (1 + np.exp(-(total * self.scale + self.bias)))).astype(np.float32)
        return chance


class Questions(NamedTuple):
    """The distinct questions of a forest; for each level, the last first, which of them each tree asks."""

    columns: Ints
    borders: NDArray[np.float32]
    levels: list[Ints]
    first: Ints  # of each tree's leaves among all


class Model(NamedTuple):
    """The forests, and the words that speak for a story or against it."""

    first: Forest
    second: Forest
    title: Forest
    words: Mapping[str, NDArray[np.int8]]
    names: tuple[int, int] = (0, 0)  # `name_hash` of the columns of both tables


class Verdicts(NamedTuple):
    """How likely each line belongs to the story, how likely it is the headline, and which may head comments.

    `furniture` tells how sure it is that a line does not belong to the story, once it is known not to;
    `again` which lines may say what another line says, word for word.
    """

    story: list[float]
    title: list[float]
    comments: list[int]  # line numbers
    furniture: Sequence[float] = ()
    again: Sequence[bool] = ()


def judge(text: str, found: Survey, told: Told, model: Model) -> Verdicts:
    """Return what the model says of each line of a page."""
    page = read_page(text, found.lines)
    columns = first_table(page, found, told, model.words)
    table = table_of(columns)
    chance = model.first.answer(table)
    more = second_table(columns, chance, page)
    table = np.concatenate((table, table_of(more, len(table))))
    title = np.zeros(len(chance), np.float32)
    short = np.flatnonzero(may_be_title(more))
    title[short] = model.title.answer(table[:, short])
    live = np.flatnonzero(chance > UNLIKELY)
    story = np.minimum(chance, UNLIKELY)
    last = table_of(third_table(more, title, page), len(table))
    story[live] = model.second.answer(np.concatenate((table[:, live], last[:, live])))
    furniture = np.maximum(1 - story.astype(np.float64), 0.5).round(3)
    comments = np.flatnonzero(comment_heads(page))
    return Verdicts(
        story.tolist(), title.tolist(), comments.tolist(), furniture.tolist(), _again(page, columns).tolist()
    )


def _again(page: Page, columns: Columns) -> NDArray[np.bool_]:
    """Return which lines may stand in another one: all their runs of three words do, but those with a word cut in half."""
    runs = page.starts[1:] - page.starts[:-1] - 2
    echo = columns["echo"]
    again: NDArray[np.bool_] = (runs < 1) | ((echo > 0) & ((1 - echo) * runs < _CUT))
    return again


def may_be_title(columns: Columns) -> NDArray[np.bool_]:
    """Return which lines are no longer and no shorter than headlines are, and stand where one can."""
    width = np.expm1(columns["width"])
    return (width >= SHORTEST) & (width <= LONGEST) & ((columns["p_before"] < 0.5) | (columns["in_address_all"] > 0.6))


def table_of(columns: Columns, skipped: int = 0) -> Floats:
    """Return the columns, save the first ones, as the rows of one table."""
    chosen = list(columns.values())[skipped:]
    return np.concatenate(chosen, dtype=np.float32, casting="unsafe").reshape(len(chosen), -1)


def save(model: Model, path: str | Path) -> None:
    """Write a model; the same model gives the same bytes."""
    parts: dict[str, NDArray[Any]] = {"names": np.array(model.names, np.uint64)}
    for stage, forest in (("first", model.first), ("second", model.second), ("title", model.title)):
        parts |= {
            f"{stage}_columns": forest.columns,
            f"{stage}_borders": forest.borders,
            f"{stage}_leaves": forest.leaves,
        }
        parts[f"{stage}_scale"] = np.array([forest.scale, forest.bias])
    parts |= {f"words_{name}": table for name, table in model.words.items()}
    np.savez_compressed(path, allow_pickle=False, **parts)


def name_hash(names: list[str]) -> int:
    """Return a number for the columns a forest was trained on: other columns need another training."""
    return int.from_bytes(sha256(" ".join(names).encode()).digest()[:8], "big")


@cache
def load(path: str = "") -> Model:
    """Return the model of `path`, by default the one that comes with the package."""
    with (Path(path) if path else files("normalize") / "data" / "furniture.npz").open("rb") as file:
        parts = np.load(file)
        forests = [
            Forest(
                parts[f"{stage}_columns"],
                parts[f"{stage}_borders"],
                parts[f"{stage}_leaves"],
                *map(float, parts[f"{stage}_scale"]),
            )
            for stage in ("first", "second", "title")
        ]
        words = {name: parts[f"words_{name}"] for name in ("short", "long")}
        first, second = map(int, parts["names"])
    return Model(forests[0], forests[1], forests[2], words, (first, second))
