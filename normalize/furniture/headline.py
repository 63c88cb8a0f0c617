"""The headline above a story, told by its place and shape, by the record's title or by the page's address."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.furniture.captions import find_captions, read_credits
from normalize.furniture.notices import is_notice
from normalize.furniture.verdicts import KINDS, address_of, is_page, line_numbers, read_verdicts
from normalize.phrases import first_word, fold
from normalize.shapes import Survey, cut_spans, ends_sentence, survey, width
from normalize.stamps import DAY, read_stamp
from normalize.steps import first, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from normalize.furniture.model import Model
    from normalize.lines import Line

_SHORTEST, _LONGEST = 15, 160
_SURE = 100  # a longer line in small letters is a standfirst where nothing frames it
_WORDS = 4  # "Why it matters" opens many stories that have no headline
_HEAD = 8  # more lines above a story are a page's menus, not its headline
_SLUG = 3  # an address of fewer words could be about anything
_SHARE = 0.6
_WHOLLY = 0.9
# Lines above the likeliest headline, and what share of its chance, make another the headline.
_BEFORE, _NEARLY = 30, 0.95
_LIKELY = 0.025  # of the lines of a page the likeliest is its headline, if it is not quite unlikely
# Bylines, bullets, dates and cues are no headline.
_OTHER = re.compile(
    r"(?:[-–—•*·>#|\[(]|by |von |par |por |di |door |автор|date |published|updated|posted|last |story highlights|key points|highlights|series|embed |close |tags?:|http|www\.|@|\d+[./:]\d)",
    re.IGNORECASE,
)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ı": "i", "ł": "l", "đ": "d"}
)
_ADDRESSES = ("http://", "https://", "www.")
_OPEN = (":", ",", ";", "…", "...", "-", "–", "—", "|", "→", "»")


@step(reads=("url", *KINDS), provides=("title",), answer=first(str))
def read_headline(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    r"""Read the headline that stands above a story.

    >>> story = "The council met on Friday and would not say what it had decided on the harbour."
    >>> read_headline("Council Silent After Meeting On Harbour\n\n" + story)
    'Council Silent After Meeting On Harbour'

    A story that begins with its own paragraph has none, nor is a short subhead one:

    >>> read_headline(story), read_headline("What happened\n\n" + story)
    (None, None)

    Where the record's title is known only that line is the headline, and the words of the page's
    address find it below menus:

    >>> known = Facts(title="Harbour: what now?")
    >>> read_headline("Council Silent After Meeting On Harbour\n\n" + story, known=known) is None
    True

    On a whole page's text the model of `strip_furniture` tells the headline.
    """
    yield from find_headline(text, known, None)


def find_headline(text: str, known: Facts, model: Model | None) -> Iterator[Annotation]:
    """Yield the headline as `read_headline` does, by the package's model or by another one."""
    found = survey(text)
    if known.title is None and is_page(text, known):
        judged = _judged(text, found, known, model)
        if judged is not None:
            yield _told(text, found, judged)
            return
    titles = list(_candidates(text, found))
    if known.title is not None:
        titles = [line for line in _head(found) if _same(text[slice(*line)], known.title)]
    elif len(_slug(known.url)) >= _SLUG:
        titles = [line for line in titles if _likeness(text[slice(*line)], known) >= _SHARE] or _named(
            text, found, known
        )
    else:
        titles = _alone(text, found, titles)
    for start, end in sorted(titles, key=lambda line: (-_likeness(text[slice(*line)], known), -line.start)):
        yield Annotation(start, end, "title", text[start:end])


@step(rules=("headline",), reads=("title",), cuts=("title",))
def strip_headline(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    r"""Cut the headline that stands above a story.

    >>> story = "The council met on Friday and would not say what it had decided on the harbour."
    >>> strip_headline("Council Silent After Meeting On Harbour\n\n" + story) == story
    True
    >>> strip_headline(story) == story
    True
    """
    read = known.found("title")
    found = read_headline.find(text, known) if read is None else read
    spans = [(a.start, a.end) for a in found if isinstance(a, Annotation) and a.start is not None and a.end is not None]
    for start, end in cut_spans(text, spans):
        yield Edit(start, end, "", "headline")


def _judged(text: str, found: Survey, known: Facts, model: Model | None) -> Line | None:
    """Return the line that the model takes for the headline, None where no line is likely.

    Captions, links and what the tables know are none; the words of the page's address speak for a line that says them
    and no others. Of several lines nearly as likely it is the first: what looks like a
    headline below it is a standfirst.
    """
    chances = read_verdicts(text, known, model).title
    no_titles = {*line_numbers(text, known, found, find_captions), *found.matches}
    address = _address(known.url)
    chances = [
        chance * _may_head(found.said[n], address) if chance >= _LIKELY and n not in no_titles else 0.0
        for n, chance in enumerate(chances)
    ]
    best = max(range(len(chances)), key=chances.__getitem__)
    if chances[best] < _LIKELY:
        return None
    n = next(n for n in range(max(0, best - _BEFORE), best + 1) if chances[n] >= _NEARLY * chances[best])
    # A standfirst may look more like a headline than the one above it does.
    if n and chances[n - 1] >= _ALIKE * chances[n]:
        above, words = (fold(found.said[m]) for m in (n - 1, n))
        n -= len(above) >= _KICKERS and words not in above
    return found.lines[n]


_ALIKE = 0.7
_KICKERS = 40  # letters: a shorter line above a headline is a kicker


def _may_head(words: str, address: list[str]) -> float:
    """Return how what a line says bears on its being the headline.

    Neither an address, nor the way to the page through its menus, nor a word of a script whose letters say more is one;
    few end with a full stop, and most addresses are made of the headline's words, in their order.
    """
    if words.startswith(_ADDRESSES) or ("@" in words and " " not in words) or len(_WAY.findall(words)) >= _STEPS:
        return 0.0
    if len(words) < _FEW and not words.isascii() and width(words) >= 2 * len(words):
        return 0.0
    stopped = _STOPPED if words.rstrip('"”»').endswith((".", "。")) else 1.0
    if len({*address}) < _SLUG:
        return stopped
    said = _plain(words)
    alike = (1 - _ORDER) * _shared(said, address) + _ORDER * _shared(pairwise(said), pairwise(address))
    return stopped * (1 + _TOLD * alike**3)


def _plain(words: str) -> list[str]:
    """Return the words of a line as addresses write them."""
    return _latin(fold(words).translate(_UMLAUTS)).split()


def _shared(one: Iterable[object], other: Iterable[object]) -> float:
    """Return how much two collections have in common, of all that they hold."""
    a, b = {*one}, {*other}
    return len(a & b) / len(a | b) if a or b else 0.0


def _address(url: str | None) -> list[str]:
    """Return the words of the part of an address that tells of the story, without the article's number."""
    return [word for word in address_of(url).casefold().split() if not (word.isdigit() and len(word) > _YEAR)]


_TOLD = 6.0
_ORDER = 0.25  # of what an address tells, what the order of its words does
_YEAR = 4  # figures of longer numbers
_FEW = 8
_STOPPED = 0.2
_WAY = re.compile("[»›>|→]")  # "Home » News » Harbour"
_STEPS = 2
_KICKER = re.compile(r"\s\s[-–—|]\s")  # "Harbour   -   Council silent after meeting": set apart by more than one space


def _told(text: str, found: Survey, line: Line) -> Annotation:
    """Return a headline without the kicker in its line, or with the one above that a colon at its head goes on from."""
    words = text[slice(*line)]
    n = found.lines.index(line)
    if words.startswith(":") and n and n - 1 not in found.matches:
        above = found.lines[n - 1]
        if above.end - above.start >= _SHORTEST:
            return Annotation(above.start, line.end, "title", text[slice(*above)] + words)
    title = _KICKER.split(words)[-1].lstrip()
    return Annotation(*line, "title", title if len(title) >= _SHORTEST else words)


def _head(found: Survey) -> list[Line]:
    """Return the lines above the story that are no furniture."""
    return [found.lines[n] for n in range(found.first) if found.furniture(n) is None]


def _candidates(text: str, found: Survey) -> Iterator[Line]:
    """Yield the lines above the story that have a headline's shape."""
    for line in _head(found):
        words = text[line.start : min(line.end, line.start + _LONGEST + 1)]
        if (
            len(words) <= _LONGEST
            and _titled(words)
            and read_credits(words) is None
            and not is_notice(words, first_word(words))
            and not (DAY.search(words) and read_stamp(words, None) is not None)
        ):
            yield line


def _named(text: str, found: Survey, known: Facts) -> list[Line]:
    """Return the lines above a story that say what its address says, whatever their shape."""
    address = _address(known.url)
    return [line for line in _head(found) if _shared(_plain(text[slice(*line)]), address) >= _WHOLLY]


def _alone(text: str, found: Survey, titles: list[Line]) -> list[Line]:
    """Return the headline that nothing but its place and shape tells.

    Several such lines are the highlights that some papers set above a story, unless furniture
    stands before them: then the text is a page's, and they are a kicker and a headline.
    """
    frame = next((found.lines[n].start for n in range(found.first) if found.furniture(n) is not None), len(text))
    framed = any(line.start > frame for line in titles)
    if len(_head(found)) > _HEAD or len(titles) > 1 + framed:
        return []
    return [
        line
        for line in titles
        if line.start > frame or line.end - line.start <= _SURE or _capitalized(text[slice(*line)])
    ]


def _capitalized(words: str) -> bool:
    """Return whether a line is set as headlines are in English papers: Most Words With Capitals."""
    long = [word for word in re.findall(r"[^\W\d_][\w'’]*", words) if len(word) > 3]
    return len(long) >= 2 and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


def _titled(words: str) -> bool:
    """Return whether a line has a headline's shape."""
    if width(words) < _SHORTEST or words.endswith(_OPEN) or _OTHER.match(words):
        return False
    if not words.isascii() and width(words) > len(words):
        return not ends_sentence(words)
    if len(words.split()) < _WORDS or words[0].islower():
        return False
    return not ends_sentence(words) or (words.rstrip("\"'”’»").endswith(("?", "!")) and words.count(". ") == 0)


def _same(words: str, title: str) -> bool:
    """Return whether a line says the record's title, give or take the site's name after it."""
    line, wanted = fold(words), fold(title)
    return bool(line) and (
        line == wanted or (len(line) > _LONGEST // 4 and (wanted.startswith(line) or line.startswith(wanted)))
    )


def _likeness(words: str, known: Facts) -> float:
    """Return which share of the address's words stand in the line, 0 where the address says nothing."""
    slug = _slug(known.url)
    if len(slug) < _SLUG:
        return 0.0
    plain = fold(words)
    said = {*plain.split(), *_latin(plain).split(), *_latin(plain.translate(_UMLAUTS)).split()}
    return len(slug & said) / len(slug)


def _latin(words: str) -> str:
    """Return `words` without accents, as addresses write them."""
    return words if words.isascii() else "".join(c for c in unicodedata.normalize("NFKD", words) if c.isascii())


def _slug(url: str | None) -> frozenset[str]:
    parts = [part for part in re.split(r"[/?#]", url or "")[3:] if part]
    best = max(parts, key=lambda part: part.count("-") + part.count("_"), default="")
    return frozenset(
        word for word in re.split(r"[-_.]", best.casefold()) if len(word) > 2 and word.isalpha() and word != "html"
    )
