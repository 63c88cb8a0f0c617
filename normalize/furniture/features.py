"""Features: what can be said of each line of a page, as columns of numbers.

The first table speaks of the line and its neighbours, the second also of the first verdicts around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from normalize.furniture import arrays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from normalize.furniture.arrays import Floats, Page
    from normalize.shapes import Survey

    Columns = dict[str, NDArray[Any]]

RULES = ("navigation", "section", "related", "share", "ad", "newsletter", "comments", "cookies", "follow", "legal")
_SENTENCE = 60  # letters from which a line that closes as a sentence is one
_CORE_WORD = 4  # letters from which a word can tell what a story is about
_NEAR = (2, 4, 10)
_ABOVE = 10  # lines above the story in which its headline and its author stand


class Told(NamedTuple):
    """What other steps and the record say of a page's lines."""

    captions: frozenset[int] = frozenset()  # line numbers
    notices: frozenset[int] = frozenset()
    address: str = ""  # the words of the page's URL


def first_table(page: Page, found: Survey, told: Told, words: Mapping[str, NDArray[np.int8]]) -> Columns:
    """Return the columns that the first forest reads."""
    n = len(page.size)
    cols = _line(page)
    _lexical(cols, page, words, n)
    _listed(cols, found, told, n)
    _placed(cols, page, found, n)
    _shared(cols, page, found, told, n)
    _neighbours(cols, n)
    return cols


def _line(page: Page) -> Columns:
    counts = page.counts.astype(np.float32)
    letters = counts[:, : arrays.DIGIT].sum(axis=1)
    size = page.size.astype(np.float32)
    width = size + 1.5 * counts[:, arrays.WIDE]
    words = np.diff(page.starts).astype(np.float32)
    some = np.maximum(words, 1)
    closed = np.isin(page.last, (arrays.QUOTE, arrays.BRACKET))
    end = np.where(closed, page.before, page.last)
    capital = np.bincount(page.line, weights=page.capital, minlength=len(size))
    long = page.length >= _CORE_WORD
    long_words = np.bincount(page.line, weights=long, minlength=len(size))
    long_capital = np.bincount(page.line, weights=long & page.capital, minlength=len(size))
    stop = (end == arrays.STOP) | (end == arrays.ASK)
    cols: Columns = {
        "width": np.log1p(width),
        "words": words,
        "letters": letters / size,
        "upper": counts[:, arrays.UPPER] / np.maximum(letters, 1),
        "digits": counts[:, arrays.DIGIT] / size,
        "commas": counts[:, arrays.COMMA],
        "quotes": counts[:, arrays.QUOTE],
        "brackets": counts[:, arrays.BRACKET],
        "bars": counts[:, arrays.BAR],
        "wide": counts[:, arrays.WIDE] / size,
        "first": page.first,
        "last": page.last,
        "end": end,
        "stop": stop,
        "capitals": capital / some,
        "long_capitals": (long_capital + 0.5) / (long_words + 1),
        "word_length": letters / some,
        "breaks": page.breaks,
        "clocks": page.clocks,
    }
    cols["sentence"] = stop & (width >= _SENTENCE)
    cols["name"] = (words >= 2) & (words <= 3) & (capital == words) & ~stop
    cols["mass"] = np.where(cols["sentence"], np.minimum(width, 300), 0)
    return cols


def _lexical(cols: Columns, page: Page, words: Mapping[str, NDArray[np.int8]], n: int) -> None:
    """Add how the words of a line speak for the story, by a table of words in short lines and one in long lines."""
    where = page.place
    short = (cols["width"] < np.log1p(100))[page.line]
    weight = np.where(short, words["short"][where], words["long"][where]).astype(np.float32)
    count = np.maximum(np.diff(page.starts), 1)
    total = np.bincount(page.line, weights=weight, minlength=n)
    cols["lex"] = total / np.sqrt(count)
    cols["lex_sum"] = total
    has = np.diff(page.starts) > 0
    for name, best in (("lex_low", np.minimum), ("lex_high", np.maximum)):
        cols[name] = np.zeros(n)
        if has.any():
            cols[name][has] = best.reduceat(weight, page.starts[:-1][has])
    cols["lex_last"] = np.zeros(n)
    cols["lex_last"][has] = weight[page.starts[1:][has] - 1]


def _listed(cols: Columns, found: Survey, told: Told, n: int) -> None:
    """Add what the tables of phrases, captions and notices say."""
    group = np.zeros(n)
    for line, match in found.matches.items():
        group[line] = RULES.index(match.rule) + 1 if match.rule in RULES else len(RULES) + 1
    cols["rule"] = group
    cols["listed"] = group > 0
    for name in ("related", "comments", "share"):
        cols[f"{name}_before"] = np.minimum(np.cumsum(group == RULES.index(name) + 1), 20)
    marked = np.zeros(n)
    marked[list(told.captions)] = 1
    marked[list(told.notices)] = 2
    cols["marked"] = marked


def _placed(cols: Columns, page: Page, found: Survey, n: int) -> None:
    """Add where a line stands: in the page, to the story's block, to sentences, to lines like it."""
    at = np.arange(n)
    cols["at"] = at / n
    cols["from_top"] = np.minimum(at, 300)
    cols["from_end"] = np.minimum(n - at, 300)
    cols["lines"] = np.full(n, n)
    cols["to_first"] = np.clip(at - found.first, -60, 60)
    cols["to_last"] = np.clip(at - found.last, -60, 60)
    cols["in_block"] = np.clip((at - found.first) / max(1, found.last - found.first), -1, 2)
    mass = cols["mass"]
    block = mass[found.first : found.last].sum()
    total = max(1.0, mass.sum())
    cols["block_share"] = np.full(n, block / total)
    cols["block_lines"] = np.full(n, found.last - found.first)
    cols["block_mass"] = np.full(n, block)
    cols["mass_before"] = (np.cumsum(mass) - mass) / total
    sentence = cols["sentence"] > 0
    cols["since"], cols["until"] = _distances(sentence, n)
    cols["gap"] = np.minimum(cols["since"] + cols["until"], 60)
    cols["run"] = _runs(sentence, n)
    inside = np.zeros(n, np.bool_)
    inside[found.first : found.last] = True
    short = inside & ~sentence
    cols["short_in_block"] = np.full(n, short.sum() / max(1, inside.sum()))
    cols["sentences"] = np.full(n, sentence.mean())
    place = arrays.bucket(page.hashes)
    cols["same"] = np.minimum(np.bincount(place, minlength=arrays.BUCKETS)[place], 5)


def _shared(cols: Columns, page: Page, found: Survey, told: Told, n: int) -> None:
    """Add which words of a line stand in the story's core, above it and in the page's address."""
    telling = (page.length >= _CORE_WORD) | (cols["wide"][page.line] > 0.3)
    line, place = page.line[telling], page.place[telling]
    count = np.maximum(np.bincount(line, minlength=n), 1)
    core_line = np.zeros(n, np.bool_)
    core_line[found.first : found.last] = cols["sentence"][found.first : found.last] > 0
    in_core = core_line[line]
    # A line's own words say nothing of it.
    there = np.bincount(place[in_core], minlength=arrays.BUCKETS)[place] - in_core
    cols["core"] = np.bincount(line[there > 0], minlength=n) / count
    cols["core_often"] = np.bincount(line[there > 2], minlength=n) / count
    cols["echo"] = _echo(page, n)
    above = place[(line >= found.first - _ABOVE) & (line < found.first)]
    for name, wanted in (("in_head", above), ("in_address", arrays.bucket(arrays.hash_words(told.address)))):
        known = np.zeros(arrays.BUCKETS, np.bool_)
        known[wanted] = True
        shared = np.bincount(line[known[place]], minlength=n)
        cols[name] = shared / count
        cols[name + "_all"] = shared / max(1, len(wanted))


def _echo(page: Page, n: int) -> NDArray[Any]:
    """Return which share of a line's runs of three words stands in other lines too: a pull quote, a caption told twice."""
    if len(page.word) < 3:
        return np.zeros(n)
    line = page.line[2:]
    whole = line == page.line[:-2]
    run = page.word[:-2] * np.uint64(3) + page.word[1:-1] * np.uint64(5) + page.word[2:] * np.uint64(7)
    line, place = line[whole], arrays.bucket(run[whole])
    elsewhere = np.bincount(place, minlength=arrays.BUCKETS)[place] > 1
    return np.bincount(line[elsewhere], minlength=n) / np.maximum(np.bincount(line, minlength=n), 1)


def _neighbours(cols: Columns, n: int) -> None:
    _windows(cols, ("width", "sentence", "listed", "lex", "core", "long_capitals", "digits", "name"), _NEAR, n)
    _beside(cols, ("width", "lex", "core", "capitals"), (-2, -1, 1, 2), n)
    _beside(cols, ("stop", "rule", "first", "end"), (-1, 1), n)
    cols["like_next"] = np.abs(cols["width"] - cols["width+1"])
    cols["like_last"] = np.abs(cols["width"] - cols["width-1"])


def _windows(cols: Columns, names: tuple[str, ...], near: tuple[int, ...], n: int) -> None:
    """Add means over the lines before and after, the line itself left out."""
    values = np.array([cols[name] for name in names], dtype=np.float64)
    sums = np.concatenate((np.zeros((len(names), 1)), np.cumsum(values, axis=1)), axis=1)
    at = np.arange(n)
    sides = []
    for size in near:
        low, high = np.maximum(at - size, 0), np.minimum(at + 1 + size, n)
        sides.append(((sums[:, :-1] - sums[:, low]) / size, (sums[:, high] - sums[:, 1:]) / size))
    for row, name in enumerate(names):
        for size, (before, after) in zip(near, sides, strict=True):
            cols[f"{name}<{size}"] = before[row]
            cols[f"{name}>{size}"] = after[row]


def _beside(cols: Columns, names: tuple[str, ...], steps: tuple[int, ...], n: int) -> None:
    """Add the values of the lines so many steps further on, -1 beyond the page."""
    most = max(map(abs, steps))
    values = np.full((len(names), n + 2 * most), -1.0)
    values[:, most : most + n] = [cols[name] for name in names]
    for row, name in enumerate(names):
        for by in steps:
            cols[f"{name}{by:+d}"] = values[row, most + by : most + by + n]


def _distances(marks: NDArray[np.bool_], n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return how far the last mark before each line and the next one after it are, at most 60."""
    at = np.arange(n)
    seen = np.maximum.accumulate(np.where(marks, at, -100))
    last = np.concatenate(([-100], seen[:-1]))
    coming = np.minimum.accumulate(np.where(marks, at, n + 100)[::-1])[::-1]
    following = np.concatenate((coming[1:], [n + 100]))
    return np.minimum(at - last, 60).astype(float), np.minimum(following - at, 60).astype(float)


def _runs(marks: NDArray[np.bool_], n: int) -> NDArray[Any]:
    """Return how long the run of equal marks is in which each line stands; negative where unmarked."""
    change = np.flatnonzero(np.concatenate(([True], marks[1:] != marks[:-1])))
    length = np.diff(np.concatenate((change, [n])))
    run = np.minimum(np.repeat(length, length), 60)
    signed: NDArray[Any] = np.where(marks, run, -run).astype(float)
    return signed


def second_table(cols: Columns, first: Floats) -> Columns:
    """Return the columns that the second forest reads: the first's, and the first verdicts around each line."""
    n = len(first)
    out = dict(cols)
    chance = first.astype(np.float64)
    out["p"] = chance
    size = np.minimum(np.expm1(cols["width"]), 300)
    mass = chance * size
    out["pm"] = mass
    _beside(out, ("p",), (-4, -3, -2, -1, 1, 2, 3, 4), n)
    _windows(out, ("p", "pm"), (3, 6, 12), n)
    del out["pm"]
    total = max(1.0, mass.sum())
    out["p_total"] = np.full(n, total)
    out["p_before"] = (np.cumsum(mass) - mass) / total
    sure = chance > 0.5
    out["p_since"], out["p_until"] = _distances(sure, n)
    out["p_run"] = _runs(sure, n)
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
    return out


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
    nearest = np.clip(np.searchsorted(lows, at, side="right") - 1, 0, len(lows) - 1)
    main = int(weights.argmax())
    out["block_p"] = weights[nearest] / weights[main]
    out["block_rank"] = nearest - main
    out["from_block"] = np.clip(at - lows[main], -60, 200)
    out["past_block"] = np.clip(at - highs[main], -200, 60)
