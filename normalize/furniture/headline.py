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
from normalize.furniture.verdicts import KINDS, is_page, line_numbers, read_verdicts, slug_words
from normalize.phrases import first_word, fold
from normalize.shapes import Survey, cut_spans, ends_sentence, survey, width
from normalize.stamps import DAY, byline_label, date_label, read_stamp
from normalize.steps import first, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from normalize.furniture.model import Model

_SHORTEST, _LONGEST = 15, 160
_SURE = 100  # a longer line in small letters is a standfirst where nothing frames it
_WORDS = 4  # "Why it matters" opens many stories that have no headline
_HEAD = 8  # more lines above a story are a page's menus, not its headline
_SLUG = 3  # an address of fewer words could be about anything
_SHARE = 0.6  # of an address's words in a line of a headline's shape that it speaks of
_WHOLLY = 0.9  # how much the two have in common where the shape does not tell
# Lines above the likeliest headline, and what share of its chance, make another the headline.
_BEFORE, _NEARLY = 30, 0.95
_LIKELY = 0.025  # of the lines of a page the likeliest is its headline, if it is not quite unlikely
# Bylines, bullets, dates and cues are no headline.
_OTHER = re.compile(
    r"(?:[-–—•*·>#|\[(]|by |von |par |por |di |door |автор|date |published|updated|posted|last |story highlights|key points|highlights|series|embed |close |tags?:|http|www\.|@|\d+[./:]\d)",
    re.IGNORECASE,
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)  # which have no accent to lose
_RIVAL = 0.7  # of a headline's chance: a line above it that is so likely may be the headline
_KICKERS = 40  # letters: a shorter line above a headline is a kicker
_ADDRESSED = 6.0  # times as likely, and once more, is a line that is all of the address
_ORDER = 0.25  # of what an address tells, what the order of its words does
_ENDINGS = ("html", "htm", "php")
_YEAR = 4  # figures: a longer number is the article's
_LONGEST_SLUG = 60  # words
_APOSTROPHES = re.compile("['’]")  # "council's" is "councils" in an address, or "council-s"
_FEW = 8  # letters of scripts whose letters say more
_STOPPED = 0.2  # how likely, against others, a line that ends as sentences do is a headline
# Marks that make a line a way through menus, and how many of them: headlines have bars too.
_WAYS = ((re.compile(r"\s(?:[»›▸→]|::)\s"), 2), (re.compile(r"\s>\s|\|"), 3))
_KICKER = re.compile(r"\s\s[-–—|]\s")  # "Harbour   -   Council silent after meeting": set apart by more than one space
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
        n = _judged(text, found, known, model)
        if n is not None:
            yield _told(found, n)
            return
    titles = list(_candidates(found, known))
    if known.title is not None:
        titles = [n for n in _head(found) if _same(found.said[n], known.title)]
    elif len(_slug(known.url)) >= _SLUG:
        titles = [n for n in titles if _likeness(found.said[n], known) >= _SHARE] or _named(found, known)
    else:
        titles = _alone(found, titles)
    for n in sorted(titles, key=lambda n: (-_likeness(found.said[n], known), -n)):
        yield Annotation(*found.lines[n], "title", found.said[n])


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


def _judged(text: str, found: Survey, known: Facts, model: Model | None) -> int | None:
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
    if n and chances[n - 1] >= _RIVAL * chances[n]:
        above, words = (fold(found.said[m]) for m in (n - 1, n))
        n -= len(above) >= _KICKERS and words not in above
    return n


def _may_head(words: str, address: list[str]) -> float:
    """Return how what a line says bears on its being the headline.

    Neither an address, nor the way to the page through its menus, nor a word of a script whose letters say more is one;
    few end with a full stop, and most addresses are made of the headline's words, in their order.
    """
    if words.startswith(_ADDRESSES) or _leads(words):
        return 0.0
    if len(words) < _FEW and not words.isascii() and width(words) >= 2 * len(words):
        return 0.0
    stopped = _STOPPED if words.rstrip('"”»').endswith((".", "。")) else 1.0
    return stopped * (1 + _ADDRESSED * _alike(words, address) ** 3) if len(address) >= _SLUG else stopped


def _leads(words: str) -> bool:
    """Return whether a line is an address of mail or the way to the page: "Home » News » Harbour"."""
    if "@" in words and " " not in words and words.isascii():
        return True
    quoted = "«" in words or "‹" in words  # then "»" closes a quotation
    return not quoted and any(len(marks.findall(words)) >= least for marks, least in _WAYS)


def _alike(words: str, address: list[str]) -> float:
    """Return how much a line has in common with an address, in words and in their order, of all that both hold."""
    plain = {fold(words), fold(_APOSTROPHES.sub("", words))}
    # Addresses write "ae" for "ä", or "a".
    readings = {_latin(each) for folded in plain for each in (folded, folded.translate(_UMLAUTS))}
    return max(_in_order(reading.split(), address) for reading in readings)


def _in_order(said: list[str], address: list[str]) -> float:
    return (1 - _ORDER) * _shared(said, address) + _ORDER * _shared(pairwise(said), pairwise(address))


def _shared(one: Iterable[object], other: Iterable[object]) -> float:
    a, b = {*one}, {*other}
    return len(a & b) / len(a | b) if a or b else 0.0


def _address(url: str | None) -> list[str]:
    """Return the words of an address that tell of the story, without the article's number and the file's ending."""
    words = [word.casefold() for word in slug_words(url)]
    telling = [word for word in words if word not in _ENDINGS and not (word.isdigit() and len(word) > _YEAR)]
    return telling[:_LONGEST_SLUG]


def _told(found: Survey, n: int) -> Annotation:
    """Return a headline without the kicker in its line, or with the one above that a colon at its head goes on from."""
    line, words = found.lines[n], found.said[n]
    if words.startswith(":") and n and n - 1 not in found.matches and len(found.said[n - 1]) >= _SHORTEST:
        return Annotation(found.lines[n - 1].start, line.end, "title", found.said[n - 1] + words)
    title = _KICKER.split(words)[-1].lstrip()
    return Annotation(*line, "title", title if len(title) >= _SHORTEST else words)


def _head(found: Survey) -> list[int]:
    """Return the lines above the story that are no furniture."""
    return [n for n in range(found.first) if found.furniture(n) is None]


def _candidates(found: Survey, known: Facts) -> Iterator[int]:
    """Yield the lines above the story that have a headline's shape."""
    for n in _head(found):
        words = found.said[n]
        if len(words) <= _LONGEST and _titled(words) and _is_alone(words) and not _is_dated(words, known):
            yield n


def _is_alone(words: str) -> bool:
    """Return whether a line is neither caption, credit nor notice, and leads nowhere."""
    return read_credits(words) is None and not is_notice(words, first_word(words)) and not _leads(words)


def _is_dated(words: str, known: Facts) -> bool:
    """Return whether a line is a byline or a label with its day: "Written by Jane Doe on July 27, 2017"."""
    if DAY.search(words) is None or _likeness(words, known) >= _SHARE:
        return False
    labelled = byline_label(words) is not None or date_label(words)[0] is not None
    return labelled and read_stamp(words, None) is not None


def _named(found: Survey, known: Facts) -> list[int]:
    """Return the lines above a story that say what its address says and no more, even such as are shorter than headlines are."""
    address = _address(known.url)
    if len(address) < _SLUG:
        return []
    most = 2 * sum(map(len, address))
    near = [n for n in _head(found) if len(found.said[n]) <= most and not found.said[n].endswith((".", "。"))]
    return [n for n in near if _alike(found.said[n], address) >= _WHOLLY and _is_alone(found.said[n])]


def _alone(found: Survey, titles: list[int]) -> list[int]:
    """Return the headline that nothing but its place and shape tells.

    Several such lines are the highlights that some papers set above a story, unless furniture
    stands before them: then the text is a page's, and they are a kicker and a headline.
    """
    frame = next((n for n in range(found.first) if found.furniture(n) is not None), found.first)
    framed = any(n > frame for n in titles)
    if len(_head(found)) > _HEAD or len(titles) > 1 + framed:
        return []
    return [n for n in titles if n > frame or len(found.said[n]) <= _SURE or _capitalized(found.said[n])]


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
    if words.isascii():
        return words
    return "".join(c for c in unicodedata.normalize("NFKD", words.translate(_LETTERS)) if c.isascii())


def _slug(url: str | None) -> frozenset[str]:
    """Return the words of an address that are long enough to tell anything."""
    return frozenset(
        word for word in map(str.casefold, slug_words(url)) if len(word) > 2 and word.isalpha() and word != "html"
    )
