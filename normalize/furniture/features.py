"""Features: what can be said of each line of a page, as columns of numbers.

This table is the first forest's; `context` adds to it what the first verdicts say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from normalize.furniture import arrays
from normalize.furniture.comments import STAMP, ends_in, has, sayings, years
from normalize.furniture.neighbours import beside, distances, distinct, runs, windows, within

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from normalize.furniture.arrays import Ints, Page
    from normalize.shapes import Survey

    Columns = dict[str, NDArray[Any]]

RULES = ("navigation", "section", "related", "share", "ad", "newsletter", "comments", "cookies", "follow", "legal")
_SENTENCE = 60  # letters from which a line that closes as a sentence is one
CORE_WORD = 4  # letters from which a word can tell what a story is about
_NEAR = (2, 4, 10)
_ADDRESS = 3  # words from which an address tells the headline
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
    _neighbours(cols, page, n)
    return cols


def _line(page: Page) -> Columns:
    counts = page.counts.astype(np.float32)
    letters = counts[:, : arrays.DIGIT].sum(axis=1)
    size = page.size.astype(np.float32)
    width = size + 1.5 * counts[:, arrays.WIDE]
    words = (page.starts[1:] - page.starts[:-1]).astype(np.float32)
    some = np.maximum(words, 1)
    closed = (page.last == arrays.QUOTE) | (page.last == arrays.BRACKET)
    end = np.where(closed, page.before, page.last)
    capital = np.bincount(page.line, weights=page.capital, minlength=len(size))
    long = page.length >= CORE_WORD
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
        "glues": page.glues,
        "open_end": page.open_end,
        "signs": counts[:, arrays.SIGN],
        "others": counts[:, arrays.OTHER],
    }
    cols["sentence"] = stop & (width >= _SENTENCE)
    cols["stamp"] = (width < STAMP) & ((page.clocks > 0) | has(page, years()))
    cols["says"] = ends_in(page, sayings())
    cols["name"] = (words >= 2) & (words <= 3) & (capital == words) & ~stop
    cols["mass"] = np.where(cols["sentence"], np.minimum(width, 300), 0)
    return cols


def _lexical(cols: Columns, page: Page, words: Mapping[str, NDArray[np.int8]], n: int) -> None:
    """Add how the words of a line speak for the story, by a table of words in short lines and one in long lines."""
    where = page.place
    short = (cols["width"] < np.log1p(100))[page.line]
    weight = np.where(short, words["short"][where], words["long"][where]).astype(np.float32)
    size = page.starts[1:] - page.starts[:-1]
    count = np.maximum(size, 1)
    total = np.bincount(page.line, weights=weight, minlength=n)
    cols["lex"] = total / np.sqrt(count)
    cols["lex_sum"] = total
    has = size > 0
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
    cols["to_first"] = within(at - found.first, -60, 60)
    cols["to_last"] = within(at - found.last, -60, 60)
    cols["in_block"] = within((at - found.first) / max(1, found.last - found.first), -1, 2)
    mass = cols["mass"]
    block = mass[found.first : found.last].sum()
    total = max(1.0, mass.sum())
    cols["block_share"] = np.full(n, block / total)
    cols["block_lines"] = np.full(n, found.last - found.first)
    cols["block_mass"] = np.full(n, block)
    cols["mass_before"] = (np.cumsum(mass) - mass) / total
    sentence = cols["sentence"] > 0
    cols["since"], cols["until"] = distances(sentence, n)
    cols["gap"] = np.minimum(cols["since"] + cols["until"], 60)
    cols["run"] = runs(sentence, n)
    inside = np.zeros(n, np.bool_)
    inside[found.first : found.last] = True
    short = inside & ~sentence
    cols["short_in_block"] = np.full(n, short.sum() / max(1, inside.sum()))
    cols["sentences"] = np.full(n, sentence.mean())
    place = arrays.bucket(page.hashes)
    cols["same"] = np.minimum(np.bincount(place, minlength=arrays.BUCKETS)[place], 5)


def _shared(cols: Columns, page: Page, found: Survey, told: Told, n: int) -> None:
    """Add which words of a line stand in the story's core, above it and in the page's address."""
    telling = (page.length >= CORE_WORD) | (cols["wide"][page.line] > 0.3)
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
    address = arrays.bucket(arrays.hash_words(told.address)) if told.address else above[:0]
    for name, wanted in (("in_head", above), ("in_address", address)):
        known = np.zeros(arrays.BUCKETS, np.bool_)
        known[wanted] = True
        shared = np.bincount(line[known[place]], minlength=n)
        cols[name] = shared / count
        cols[name + "_all"] = shared / max(1, len(wanted))
    said = (cols["in_address"] * cols["in_address_all"]) if len(address) >= _ADDRESS else np.zeros(n)
    best = said.max()
    marks = said >= max(0.3, 0.8 * best)
    cols["since_address"], cols["until_address"] = distances(marks, n)
    cols["address"] = np.full(n, best)
    cols["addresses_before"] = np.minimum(np.cumsum(marks) - marks, 10)
    _cohesion(cols, line, place, n)


def _cohesion(cols: Columns, line: Ints, place: Ints, n: int) -> None:
    """Add which share of a sentence's words stand in the sentences beside it: a story goes on, teasers do not."""
    sentence = cols["sentence"] > 0
    number = np.cumsum(sentence) - 1
    chosen = sentence[line]
    step = int(number[-1]) + 6 if n else 6
    keys = distinct(place[chosen] * np.int64(step) + number[line[chosen]] + 2)
    own = np.bincount(keys % step, minlength=step)
    near = np.zeros(len(keys), np.bool_)
    for on in (1, 2):  # keys of one word stand side by side: the next two sentences' are at most so many further on
        same = keys[on:] - keys[:-on] <= 2
        near[:-on] |= same
        near[on:] |= same
    share = np.bincount(keys[near] % step, minlength=step) / np.maximum(own, 1)
    cols["cohesion"] = np.where(sentence, share[number + 2], 0.0)


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


def _neighbours(cols: Columns, page: Page, n: int) -> None:
    windows(
        cols, ("width", "sentence", "listed", "lex", "core", "long_capitals", "digits", "name", "cohesion"), _NEAR, n
    )
    windows(cols, ("stamp", "says", "open_end", "glues", "in_address"), (4, 12), n)
    beside(cols, ("width", "lex", "core", "capitals"), (-2, -1, 1, 2), n)
    beside(cols, ("stop", "rule", "first", "end"), (-1, 1), n)
    heads = _first_words(page)
    alike = np.concatenate(([False], heads[1:] == heads[:-1], [False]))
    cols["same_head"] = alike[:-1].astype(np.int64) + alike[1:]
    beside(cols, ("stamp", "same_head", "open_end"), (-1, 1), n)
    cols["like_next"] = np.abs(cols["width"] - cols["width+1"])
    cols["like_last"] = np.abs(cols["width"] - cols["width-1"])


def _first_words(page: Page) -> NDArray[np.uint64]:
    """Return the hash of each line's first word, 0 where it has none."""
    some = np.diff(page.starts) > 0
    heads = np.zeros(len(some), np.uint64)
    heads[some] = page.word[page.starts[:-1][some]]
    return heads
