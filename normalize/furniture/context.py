"""Context: what the first verdicts around a line say of it, and what the likeliest headline does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from normalize.furniture import arrays
from normalize.furniture.features import CORE_WORD
from normalize.furniture.neighbours import beside, distances, distinct, runs, windows, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from normalize.furniture.arrays import Floats, Page

    Columns = dict[str, NDArray[Any]]

_HEADLINE = 0.05  # a line less likely the headline tells nothing of the others


def second_table(cols: Columns, first: Floats, page: Page) -> Columns:
    """Return the columns that the second forest reads: the first's, and the first verdicts around each line."""
    n = len(first)
    out = dict(cols)
    chance = first.astype(np.float64)
    out["p"] = chance
    size = np.minimum(np.expm1(cols["width"]), 300)
    mass = chance * size
    out["pm"] = mass
    beside(out, ("p",), (-4, -3, -2, -1, 1, 2, 3, 4), n)
    windows(out, ("p", "pm"), (3, 6, 12), n)
    del out["pm"]
    total = max(1.0, mass.sum())
    out["p_total"] = np.full(n, total)
    out["p_before"] = (np.cumsum(mass) - mass) / total
    sure = chance > 0.5
    out["p_since"], out["p_until"] = distances(sure, n)
    out["p_run"] = runs(sure, n)
    out["p_max_before"] = np.concatenate(([0.0], np.maximum.accumulate(mass)[:-1]))
    out["p_max_after"] = np.concatenate((np.maximum.accumulate(mass[::-1])[::-1][1:], [0.0]))
    _blocks(out, chance, mass, sure, n)
    # One decision a page on lines of a kind: its subheads and lists belong to the story, or they do not.
    kinds = {"short": cols["stop"] == 0, "stopped": (cols["stop"] > 0) & (cols["sentence"] == 0)}
    inside = (out["p_before"] > 0.02) & (out["p_before"] < 0.98)
    for name, kind in kinds.items():
        chosen = kind & inside
        out[f"p_{name}"] = np.full(n, chance[chosen].mean() if chosen.any() else -1.0)
        out[f"n_{name}"] = np.full(n, chosen.sum())
    out["p_mean"] = np.full(n, chance.mean())
    stamps = np.cumsum(cols["stamp"])
    out["stamps_since"] = within(stamps - stamps[int(sure.argmax())], -20, 40)
    _told_story(out, page, chance, n)
    return out


def third_table(cols: Columns, title: Floats, page: Page) -> Columns:
    """Return the columns that the second forest reads: those of the title's, and what the likeliest headline tells."""
    n = len(title)
    out = dict(cols)
    at = np.arange(n)
    best = int(title.argmax())
    known = title[best] > _HEADLINE
    out["title"], out["best_title"] = title, np.full(n, title[best])
    out["from_title"] = within(at - best, -60, 120) if known else np.full(n, -99.0)
    words = np.zeros(arrays.BUCKETS, np.bool_)
    words[page.place[(page.line == best) & (page.length >= CORE_WORD)]] = True
    shared = np.bincount(page.line[words[page.place]], minlength=n)
    out["in_title"] = shared / np.maximum(np.diff(page.starts), 1) if known else np.full(n, -1.0)
    return out


def _told_story(out: Columns, page: Page, chance: NDArray[Any], n: int) -> None:
    """Add which of a line's words stand in likely lines, in unlikely ones, and in no other line."""
    telling = (page.length >= CORE_WORD) | (out["wide"][page.line] > 0.3)
    keys = distinct(page.place[telling] * np.int64(n) + page.line[telling])
    place, line = keys // n, keys % n
    sure = chance * out["mass"] / 300
    likely = np.bincount(place, weights=sure[line], minlength=arrays.BUCKETS)[place] - sure[line]
    others = np.bincount(place, minlength=arrays.BUCKETS)[place] - 1
    count = np.maximum(np.bincount(line, minlength=n), 1)
    out["told"] = np.bincount(line, weights=np.minimum(likely, 3), minlength=n) / count
    out["told_share"] = np.bincount(line, weights=likely / np.maximum(others, 1), minlength=n) / count
    out["alone"] = np.bincount(line[others == 0], minlength=n) / count


def _blocks(out: Columns, chance: NDArray[Any], mass: NDArray[Any], sure: NDArray[np.bool_], n: int) -> None:
    """Tell the main block of likely lines from others below it: teasers, comments."""
    at = np.arange(n)
    chosen = at[sure]
    if not len(chosen):
        for name in ("block_p", "block_rank", "from_block", "past_block"):
            out[name] = np.full(n, -1.0)
        return
    gaps = np.diff(chosen) > 4
    number = np.concatenate(([0], np.cumsum(gaps)))
    weights = np.bincount(number, weights=mass[chosen])
    lows = chosen[np.concatenate(([True], gaps))]
    highs = chosen[np.concatenate((gaps, [True]))]
    nearest = within(np.searchsorted(lows, at, side="right") - 1, 0, len(lows) - 1)
    main = int(weights.argmax())
    out["block_p"] = weights[nearest] / weights[main]
    out["block_rank"] = nearest - main
    out["from_block"] = within(at - lows[main], -60, 200)
    out["past_block"] = within(at - highs[main], -200, 60)
