"""Shapes: where the story stands in a page's text, told by its lines alone.

Shared knowledge: imports only lines and phrases.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from normalize.lines import Line, split_lines, whole_line
from normalize.phrases import EDGE, Match, begin_lines, fold, match_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SHORT = 200  # longer lines are paragraphs: no table row is so long, no headline, no credit
_BEGUN = 60  # letters of a longer line in which its first word is looked for
_SENTENCE = 60  # a shorter line may be a sentence, but proves no story
_GAIN = 300  # what one paragraph can bring: a single long legal notice must not outweigh a story
_STANDFIRST = 8  # lines in which a standfirst, the byline, the day and its like may stand
_PAGE = 25  # lines outside the story that make a text a page's
_LOSS = 40  # what a line that is no sentence costs: a story survives a few subheads, not a menu
_STOPS = tuple(".!?…。！？．؟۔।။։॥")
_CLOSERS = "\"'”’»›」』）)]*“‘"
_WIDE = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]")
_WIDTH = 2.5  # letters of such scripts say as much as this many of an alphabet


class Survey(NamedTuple):
    """The lines of a text that are not blank, what the tables say of them, and the story's block.

    `matches` holds the table's verdict by line number, `first` and `last` bound the story
    (half-open; equal where there is none). The lines before `head` are its head: a standfirst may
    stand among them, with the byline and the day between it and the story.
    """

    lines: tuple[Line, ...]
    said: list[str]  # what each line says
    heads: list[str]  # the first word of each line, without case
    matches: dict[int, Match]
    first: int
    last: int
    head: int

    @property
    def page(self) -> bool:
        """Whether so much stands around the story that this is the text of a whole page."""
        return len(self.lines) - (self.last - self.first) >= _PAGE

    def outside(self, n: int) -> bool:
        """Return whether line `n` stands before or after the story."""
        return not self.first <= n < self.last

    def furniture(self, n: int) -> Match | None:
        """Return what makes line `n` furniture, None where it is not."""
        match = self.matches.get(n)
        return match if match is not None and (match.where != EDGE or self.outside(n)) else None


@lru_cache(maxsize=2)
def survey(text: str) -> Survey:
    """Return the survey of `text`.

    >>> found = survey("Skip to content\\n\\nOne short headline\\n\\n" + "A long sentence of a story. " * 5)
    >>> found.first, found.last, found.furniture(0).rule, found.furniture(1)
    (2, 3, 'navigation', None)
    """
    lines, said = split_lines(text)
    sizes = [*map(len, said)]
    words = [line if len(line) <= SHORT else line[:_BEGUN] for line in said]
    plain, heads = begin_lines(words)
    matches = match_lines(words, plain, heads, [n for n, size in enumerate(sizes) if size <= SHORT])
    gains = [
        min(size, _GAIN) if size > SHORT else 0 if n in matches else _gain(words[n]) for n, size in enumerate(sizes)
    ]
    if is_wrapped(text, lines):
        gains = [
            gain if n in matches else max(gain, size)
            for n, (gain, size) in enumerate(zip(gains, _joined(text, lines), strict=True))
        ]
    first, last = _densest(gains) or _said(gains, matches)
    return Survey(lines, said, heads, matches, first, last, _head(gains, first, last))


def is_wrapped(text: str, lines: Sequence[Line]) -> bool:
    r"""Return whether a text's lines are broken by hand, as in wire copy: then no line's end tells anything.

    Of such lines none is long, and many go on in lower case from the line above.

    >>> text = "The council met\non Friday and\nwould not say\nwhat it did."
    >>> is_wrapped(text, split_lines(text)[0]), is_wrapped("One\nTwo", split_lines("One\nTwo")[0])
    (True, False)
    """
    if len(lines) < _WRAPPED or any(end - start > SHORT for start, end in lines):
        return False
    going = sum(text[after.start].islower() and _adjoin(text, line, after) for line, after in pairwise(lines))
    return going >= _GOING * len(lines)


def _adjoin(text: str, line: Line, after: Line) -> bool:
    """Return whether no blank line stands between two."""
    return text.count("\n", line.end, after.start) == 1


def _joined(text: str, lines: Sequence[Line]) -> Iterator[int]:
    """Yield the size of each line that stands in one paragraph with another, 0 for those that stand alone."""
    near = [False, *(_adjoin(text, line, after) for line, after in pairwise(lines)), False]
    for n, (start, end) in enumerate(lines):
        yield end - start if near[n] or near[n + 1] else 0


_WRAPPED = 4  # lines
_GOING = 0.25


def _gain(words: str) -> int:
    stopped = words[-1] in _STOPS or (words[-1] in _CLOSERS and ends_sentence(words))  # most lines are told by one look
    if not stopped:
        return -_LOSS
    size = width(words)
    # "Who will pay for the new harbour, and when?" may be a headline as well as a sentence.
    least = _SENTENCE if not words.endswith(("?", "!", "？", "！")) else 2 * _SENTENCE
    return size if size >= least else 0


def _said(gains: list[int], matches: dict[int, Match]) -> tuple[int, int]:
    """Return the span of the short sentences of a text that has no paragraph: "It rained."."""
    said = [n for n, gain in enumerate(gains) if gain == 0 and n not in matches]
    return (said[0], said[-1] + 1) if said else (0, 0)


def _densest(gains: list[int]) -> tuple[int, int] | None:
    """Return the span of greatest sum, None where no line is a paragraph; its first and last lines are paragraphs."""
    best = total = start = first = last = 0
    for n, gain in enumerate(gains):
        if total <= 0 < gain:
            total, start = 0, n
        total += gain
        if total > best:
            best, first, last = total, start, n + 1
    return (first, last) if best else None


def _head(gains: list[int], first: int, last: int) -> int:
    """Return where two paragraphs follow each other for the first time, if that is near; without a story all is head."""
    if first == last:
        return len(gains)
    for n in range(first, min(first + _STANDFIRST, last - 1)):
        if gains[n] > 0 and gains[n + 1] > 0:
            return n
    return first


def width(words: str) -> int:
    """Return how much `words` say, in letters of an alphabet.

    >>> width("four"), width("日本")
    (4, 5)
    """
    if words.isascii():
        return len(words)
    wide = len(_WIDE.findall(words))
    return int(len(words) + wide * (_WIDTH - 1))


def ends_sentence(words: str) -> bool:
    """Return whether `words` close as a sentence does, quotes and brackets aside.

    >>> ends_sentence('He said: "No."'), ends_sentence("A headline"), ends_sentence("结束。")
    (True, False, True)
    """
    return words.rstrip(_CLOSERS)[-1:] in _STOPS


def cut_lines(text: str, lines: Iterable[Line]) -> Iterator[tuple[int, int]]:
    """Yield, for each of `lines` (whole lines of `text`, sorted), the span to cut; the spans are disjoint.

    Neighbours are cut as one block, so that no blank line is left between or after them.

    >>> text = "one\\n\\ntwo\\n\\nthree"
    >>> list(cut_lines(text, [Line(5, 8), Line(10, 15)]))
    [(3, 10), (10, 15)]
    """
    run: list[int] = []
    done = 0
    for start, end in lines:
        if run and not text[done:start].isspace():
            yield from _cut_run(text, run, done)
            run = []
        run.append(start)
        done = end
    if run:
        yield from _cut_run(text, run, done)


def _cut_run(text: str, starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    """Yield what to cut of lines that follow each other, of which the last one ends at `end`."""
    first, last = whole_line(text, starts[0], end)
    begins = [start if text[start - 1] == "\n" else text.rfind("\n", 0, start) + 1 for start in starts[1:]]
    return zip([first, *begins], [*begins, last], strict=True)


def words_of(text: str, line: Line) -> str:
    """Return the words of a line, folded."""
    return fold(text[line.start : line.end])


def cut_spans(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what to cut so that `spans` go: a whole line with its blank lines, words of a line with the space beside them.

    Spans that overlap are cut as one; those that meet none of the text are left out.

    >>> list(cut_spans("date 2017-12-27 It began.\\n\\nAFP", [(0, 15), (27, 30)]))
    [(0, 16), (25, 30)]
    """
    whole: list[Line] = []
    done = 0
    for start, end in _disjoint(text, spans):
        if _is_whole(text, start, end):
            whole.append(Line(start, end))
            continue
        if whole:
            yield from cut_lines(text, whole)
            whole = []
        cut = _with_space(text, start, end, done)
        done = cut[1]
        yield cut
    if whole:
        yield from cut_lines(text, whole)


def _disjoint(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans without the white space at their edges, those that overlap as one.

    A repair beside a span may have widened it by a line end.
    """
    start = end = 0
    for low, high in sorted(spans):
        words = text[max(0, low) : high]
        first, last = high - len(words.lstrip()), low + len(words.rstrip())
        if not (0 <= low <= first < last <= high <= len(text)):
            continue
        if first >= end:
            if start < end:
                yield start, end
            start, end = first, last
        end = max(end, last)
    if start < end:
        yield start, end


def _is_whole(text: str, start: int, end: int) -> bool:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    last = text.find("\n", end)
    rest = text[end : len(text) if last < 0 else last]
    return not line.strip() and not rest.strip()


def _with_space(text: str, start: int, end: int, done: int) -> tuple[int, int]:
    """Return the span with the spaces after it, or with those before it (from `done` on) where it closes its line."""
    last = end
    while last < len(text) and text[last] != "\n" and text[last].isspace():
        last += 1
    if last < len(text) and text[last] != "\n":
        return start, last
    while start > done and text[start - 1] != "\n" and text[start - 1].isspace():
        start -= 1
    return start, end
