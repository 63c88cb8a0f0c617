"""Captions and photo credits: what stood under the pictures."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from normalize.doubles import once
from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.phrases import fold, match_line
from normalize.shapes import cut_spans, ends_sentence, survey, width
from normalize.steps import every, settle, step
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from normalize.lines import Line
    from normalize.shapes import Survey

_LONGEST = 450  # a longer line that ends in a credit is a paragraph with a caption glued to it
_CREDIT = 120  # the longest line that is a credit and nothing else
_PHRASE = 40  # the width of a credit, in scripts whose letters say more, that is no sentence though it ends like one
_TELLING = 140  # a longer caption tells news of its own, unless it stands above a dateline, where no story is
_ABOVE = 200
_TAIL = 100  # where in a line its closing credit is looked for
_CUE = 40  # letters before a colon in which its cue's last word stands
# "All rights reserved © Example Press", "RIPRODUZIONE RISERVATA © Copyright EXAMPLE": of the page, not of a picture
_RIGHTS = re.compile(
    r"copyright|reserved|riservat|reservados|réservés|vorbehalten|voorbehouden|© ?\d{4}", re.IGNORECASE
)
_BRACKETS = re.compile(r"[(\[（【](?P<inside>[^()\[\]（）【】]{2,90})[)\]）】][\s.]*(?:More|more)?$")
_CLOSED = (")", "]", "）", "】", ").", "].")
_LAST = (*_CLOSED, "More", "more")
_SIGNS = frozenset(word.rstrip(".")[-1] for word in _LAST)
_GAP = "   "  # "The mayor at the harbour.   Jane Doe", as some pages set the name apart
_LOOSE = ("Getty Images", "AP Photo", "©")  # credits that may go on after their holder
_JOINTS = ("/", "|", " via ", " for ", "©")  # what stands between a photographer and who holds the picture
_DOUBLED = 20  # letters of words that stand twice in a line
_SAID = 80  # letters of a caption that is a sentence; a longer line may be a caption and a paragraph glued to it
# "Image copyright Reuters Image caption The old harbour", as one broadcaster's pages come out
_IMAGED = ("Image c", "Image source", "Media caption", "Media playback")
_IMAGE = re.compile(
    r"(?:(?P<credit>Image (?:copyright|source|credit),? .{2,60}?) |Media playback is .{10,40}? )?(?:Image|Media) caption[,:]? "
)
_CENTURY = ", 20"
_OF_PAGES = (_GAP, _CENTURY)  # marks that are looked for in the text of pages alone
_NAME = r"[\w.'’\-]+(?: [\w.'’&\-]+){0,5}"
_PERSON = r"[\w\-]{2,12}"
_DAY_SEEN = r"(?:[^.!?]*[^\d.!?])?\d{1,2}일[ (][^.!?]*"  # "12일": the day, in one sentence
_SET_OFF = re.compile(rf"[.!?]{_GAP}([A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){{1,3}})$")


class _Table(NamedTuple):
    archive: frozenset[str]
    openings: dict[str, tuple[str, ...]]  # by first letter
    credited: dict[str, tuple[str, ...]]  # credits by first letter
    holders: frozenset[str]
    lasts: frozenset[str]  # last words of holders
    cues: frozenset[str]  # last words of marks, before their colon
    begins: dict[str, tuple[str, ...]]  # openings and credits by their first two letters
    signs: tuple[str, ...]  # those of a single letter


class _Patterns(NamedTuple):
    ends: re.Pattern[str]  # "… Jane Doe/Getty Images" at a line's end
    heads: re.Pattern[str]  # "Jane Doe / Getty Images The mayor …" at a line's start
    marks: re.Pattern[str]  # "… Photo: Jane Doe" at a line's end
    # "Mayor Jane Doe, left, looks at the harbour, Tuesday, Nov. 19, 2019, in Port Hallow, Maine.", as one agency's captions
    # close: a person and a verb of the present before the day and the place, and no word of what is to come or is past.
    shown: re.Pattern[str]
    when: re.Pattern[str]
    told: re.Pattern[str]
    # "시장이 12일 항구를 둘러보고 있다. 홍길동 기자": what is seen, when, and whose picture it is
    signed: re.Pattern[str]


class _Credited(NamedTuple):
    """A line's caption and its credit, as spans of the line; an empty span where it has none."""

    caption: tuple[int, int]
    credit: tuple[int, int]


@step(provides=("caption", "credit"), answer=every(str))
def find_captions(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    r"""Find captions, and the credits beside them, in lines of their own.

    >>> find_captions("The mayor at the old harbour (file photo)\n\nThe mayor spoke.")
    ['The mayor at the old harbour']
    >>> find_captions("The mayor spoke on Friday. (AP Photo/Jane Doe)")
    ['The mayor spoke on Friday.', 'AP Photo/Jane Doe']
    >>> find_captions("Photo: Jane Doe"), find_captions("Jane Doe/Getty Images")
    (['Photo: Jane Doe'], ['Jane Doe/Getty Images'])

    What a story says of pictures is none, and a long paragraph with a credit at its end is left alone:

    >>> find_captions("The photo was hers."), find_captions("She spoke of it at length. " * 20 + "(AP Photo/Jane Doe)")
    ([], [])

    The marks stand in `normalize/data/captions.tsv`; lines of up to 450 characters are looked at. In the text of a page a
    caption is told, too, by a name that three spaces set apart, by how one agency's captions close, and by how those of Korean
    papers do.
    """
    found = survey(text)
    for n in _worth(text, found):
        start, end = found.lines[n]
        words = once(found.said[n], _DOUBLED)
        credited = read_credits(words)
        if credited is None and found.page:
            credited = _read_on_pages(words) or (_read_signed(words) if n < found.last - 1 else None)
        if credited is None:
            continue
        (a, b), (c, d) = credited
        if a < b:
            yield Annotation(start, end, "caption", text[start + a : start + b])
        if c < d:
            where = (start + c, start + d) if a < b else (start, end)
            yield Annotation(*where, "credit", text[start + c : start + d])


@step(rules=("caption",), reads=("caption", "credit", "dateline"), cuts=("caption", "credit"))
def strip_captions(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit | Annotation]:
    r"""Cut captions and photo credits that stand in lines of their own.

    >>> strip_captions("The mayor at the old harbour (file photo)\n\nThe mayor spoke.")
    'The mayor spoke.'
    >>> strip_captions("The photo (it was hers) is lost.")
    'The photo (it was hers) is lost.'

    A caption of more than 140 characters tells news of its own: it goes with a page's furniture and,
    up to 200, above a dateline, and stays elsewhere in a story that comes alone.
    """
    found = _known(known)
    if found is None or any(a.end is not None and a.start is not None and a.end - a.start > _TELLING for a in found):
        yield from _settled(text, known=known)
    else:
        yield from _strip(text, found, known)


def _known(known: Facts) -> tuple[Annotation, ...] | None:
    """Return the captions and credits that were found, None where nobody looked for them."""
    captions, credits_ = known.found("caption"), known.found("credit")
    return None if captions is None and credits_ is None else (*(captions or ()), *(credits_ or ()))


@settle()  # without its captions a text may be less, or more, of a page; and what lay beside a telling one may move
def _settled(text: str, *, known: Facts) -> Iterator[Edit]:
    found = _known(known)
    yield from _strip(text, find_captions.find(text, known) if found is None else found, known)


def _strip(text: str, found: Iterable[object], known: Facts) -> Iterator[Edit]:
    """Yield the cuts of what was found, save captions that tell news of their own in a story that comes alone."""
    spans = [(a.start, a.end) for a in found if isinstance(a, Annotation) and a.start is not None and a.end is not None]
    telling = [
        (start, end)
        for start, end in spans
        if end - start > _TELLING and len(once(text[start:end].strip(), _DOUBLED)) > _TELLING
    ]
    if telling and not survey(text).page:
        head = _dateline(known, [span for span in spans if span not in telling])
        telling = [(start, end) for start, end in telling if end > head or end - start > _ABOVE]
        spans = [(a, b) for a, b in spans if not any(a < d and c < b for c, d in telling)]
    for start, end in cut_spans(text, spans):
        yield Edit(start, end, "", "caption")


def _dateline(known: Facts, cuts: list[tuple[int, int]]) -> int:
    """Return where the first dateline stands that no cut touches, 0 where none is known."""
    read = known.found("dateline") or ()
    spans = [(a.start, a.end) for a in read if isinstance(a, Annotation) and a.start is not None and a.end is not None]
    return min((start for start, end in spans if not any(a < end and start < b for a, b in cuts)), default=0)


def read_credits(words: str) -> _Credited | None:
    """Return what of a line is caption and what credit, None where it is neither."""
    table = _table()
    size = len(words)
    image = _IMAGE.match(words) if words.startswith(_IMAGED) else None
    if image is not None:
        said = size - image.end() > _SAID and ends_sentence(words)
        return None if said else _Credited((image.end(), size), image.span("credit") if image["credit"] else (0, 0))
    if words.startswith(table.openings.get(words[:1], ())):
        return (_bracketed(words, table) if words.endswith(_LAST) else None) or _Credited((0, size), (0, 0))
    if (
        size <= _CREDIT
        and width(words) <= _CREDIT
        and (words.startswith(table.credited.get(words[:1], ())) or words in table.holders)
    ):
        return None if _speaks(words) else _Credited((0, 0), (0, size))
    if words.endswith(_LAST):
        return _bracketed(words, table)
    if _may_close(words[-_TAIL:], table):
        at = max(0, size - _TAIL)
        found = _patterns().marks.search(words, at) if ":" in words else None
        if found is None and any(sign in words for sign in _JOINTS):
            found = _patterns().ends.search(words, at)
        if found is not None and (size <= 2 * _TAIL or ends_sentence(words[: found.start()].rstrip())):
            if _RIGHTS.search(words) is not None:
                return None
            return _Credited((0, len(words[: found.start()].rstrip())), found.span())
    head = _patterns().heads.match(words) if "/" in words[:_TAIL] else None
    return None if head is None else _Credited((head.end(), size), (0, len(head.group().rstrip())))


def _read_on_pages(words: str) -> _Credited | None:
    """Return what is caption and what credit of a line as pages alone have them, None where it is neither."""
    if len(words) > _TELLING + len(_GAP):
        return None
    apart = _SET_OFF.search(words)
    if apart is not None and match_line(apart[1]) is None:
        return _Credited((0, apart.start() + 1), apart.span(1))
    patterns = _patterns()
    dated = (
        _CENTURY in words
        and patterns.shown.match(words)
        and patterns.when.search(words)
        and not patterns.told.search(words)
    )
    return _Credited((0, len(words)), (0, 0)) if dated else None


def _read_signed(words: str) -> _Credited | None:
    """Return what is caption and what credit of a line that says what is seen on which day, and whose picture it is.

    The last lines of a story may be signed like that too.
    """
    signed = None if words.isascii() or len(words) > _TELLING else _patterns().signed.match(words)
    return None if signed is None else _Credited((0, signed.start("credit") - 1), signed.span("credit"))


def _worth(text: str, found: Survey) -> list[int]:
    """Return the numbers of the lines that are worth a look: cheap, and never wrong to leave one out."""
    table, said = _table(), found.said
    begins = table.begins
    lasts = [words.rpartition(" ")[2].rstrip(".") for words in said]
    worth = _marked(text, found, table)
    worth.update(
        n for n, last in enumerate(lasts) if last in table.lasts or (last[-1:] in _SIGNS and said[n].endswith(_LAST))
    )
    worth.update(n for n, words in enumerate(said) if words[:2] in begins and words.startswith(begins[words[:2]]))
    if signs := [sign for sign in table.signs if sign in text]:
        worth.update(n for n, words in enumerate(said) if words[0] in signs)
    return sorted(n for n in worth if len(said[n]) <= _LONGEST)


def _marked(text: str, found: Survey, table: _Table) -> set[int]:
    """Return the numbers of the lines that are worth a look for a mark near their end, or a slash near their start."""
    worth: set[int] = set()
    starts = [line[0] for line in found.lines]
    for mark in ("/", "|", ":", *_LOOSE, *(_OF_PAGES if found.page else ())):
        at = text.find(mark)
        while at >= 0:
            if mark == ":" and _cue(text[max(0, at - _CUE) : at].rpartition("\n")[2]) not in table.cues:
                at = text.find(mark, at + 1)
                continue
            n = bisect_right(starts, at) - 1
            if n < 0 or at >= found.lines[n].end:  # white space between lines
                at = text.find(mark, starts[n + 1]) if n + 1 < len(starts) else -1
                continue
            line = found.lines[n]
            if (mark == "/" and at < line.start + _TAIL) or _closes(text, line, mark, table):
                worth.add(n)
            at = text.find(mark, line.end)
    return worth


def _closes(text: str, line: Line, mark: str, table: _Table) -> bool:
    """Return whether the last `mark` of a line may stand in its closing credit."""
    first = max(line.start, line.end - _TAIL)
    at = text.rfind(mark, first, line.end)
    if mark == _CENTURY:
        return at >= 0 and text.startswith(", ", at + len(_CENTURY) + 2)
    if mark == _GAP:
        return at > 0 and text[at - 1] in ".!?"
    if at < 0 or mark in _LOOSE:
        return at >= 0
    return _cue(text[first:at]) in table.cues if mark == ":" else " " not in text[at : line.end]


def _may_close(tail: str, table: _Table) -> bool:
    """Return whether a line's end is worth a search for a credit: cheap, and never wrong with False."""
    last = tail.rstrip(" .").rpartition(" ")[2]
    if last in table.lasts or last.rpartition("/")[2].rpartition("|")[2] in table.lasts:
        return True
    if ":" in tail and _cue(tail.rpartition(":")[0]) in table.cues:
        return True
    return any(mark in tail for mark in _LOOSE)


def _cue(words: str) -> str:
    return words.rstrip().rpartition(" ")[2].lstrip("(")


def _bracketed(words: str, table: _Table) -> _Credited | None:
    """Return the caption of a line that closes with brackets, None where those hold no mark and no credit."""
    closing = _BRACKETS.search(words, max(0, len(words) - _TAIL))
    if closing is None:
        return None
    inside = closing["inside"].strip()
    caption = (0, len(words[: closing.start()].rstrip()))
    if fold(inside) in table.archive:
        return _Credited(caption, (0, 0))
    joined = any(sign in inside for sign in _JOINTS)  # without a joint the pattern, which is slow, does not fit
    if (
        inside.startswith(table.credited.get(inside[:1], ()))
        or (joined and _patterns().ends.fullmatch(inside) is not None)
        or _names_photo(inside)
    ):
        return _Credited(caption, closing.span("inside"))
    return None


def _speaks(words: str) -> bool:
    """Tell "Photo by photo, the album told of a war." from a credit."""
    if not ends_sentence(words):
        return False
    wide = not words.isascii() and width(words) > max(len(words), _PHRASE)
    return wide or sum(len(word) > 3 and word[0].islower() for word in words.split()) > 1


def _names_photo(inside: str) -> bool:
    return inside.startswith(("AP Photo", "AP File", "File: ", "File/")) or inside.endswith(
        (" Photo", "via AP", "Getty Images")
    )


@cache
def _table() -> _Table:
    by = _rows()
    return _Table(
        frozenset(map(fold, by["archive"])),
        _by_letter(by["opening"]),
        _by_letter(by["credit"]),
        frozenset(by["holder"]) - {"Staff", "AP", "AFP", "Reuters", "REUTERS", "dpa", "CNN", "PTI", "ANI", "EFE"},
        frozenset(
            {re.split(r"[ /]", name)[-1].rstrip(".") for name in by["holder"]}
            | {"FILE", "File", "file", "Pool", "POOL", *by["by"], *by["agency"]}
        ),
        frozenset(mark.rstrip(" :：").rpartition(" ")[2] for mark in by["credit"] if mark.endswith(":")),
        _by_letter([*by["opening"], *by["credit"], *_IMAGED], 2),
        tuple(phrase for phrase in (*by["opening"], *by["credit"]) if len(phrase) == 1),
    )


@cache
def _patterns() -> _Patterns:
    """Return the patterns, which are large: few texts need them."""
    by = _rows()
    some = {kind: "|".join(map(re.escape, sorted(phrases, key=len, reverse=True))) for kind, phrases in by.items()}
    holder = some["holder"]
    after = rf"(?:(?:, |/| / | via | for )(?:{holder}|[A-Z][\w. ]{{1,25}}))?(?:, ?(?:FILE|File|file|Pool|POOL)|/File \d{{4}})?\.?"
    marks = "|".join(re.escape(each) for each in by["credit"] if each.endswith(":") and each[0] != "(")
    return _Patterns(
        re.compile(
            rf"(?:{_NAME}(?: ?[/|] ?| via | for )(?:{_NAME} ?/ ?)?(?:{holder}){after}|AP Photo/{_NAME}|© ?{_NAME}(?: ?[/|] ?{_NAME}){{0,3}})$"
        ),
        re.compile(rf"{_NAME} ?/ ?(?:{holder}) (?=[A-Z])"),
        re.compile(rf"(?:{marks}) ?{_NAME}(?: ?[/|,] ?{_NAME}| via {_NAME})*\.?$"),
        re.compile(rf"(?:[A-Z][\w.'’-]+,? ){{2,6}}(?:(?:{some['side']}),? )?[a-z]{{2,}}s (?:{some['after']}) "),
        re.compile(rf"[A-Z][a-z]{{2,8}}\.? \d{{1,2}}, 20\d\d, (?:{some['at']}) [A-Z][^!?]{{2,60}}$"),
        re.compile(rf"\b(?:{some['told']})\b"),
        re.compile(
            rf"{_DAY_SEEN}(?:{some['shown']})\. (?P<credit>(?:{_PERSON} )?(?:{some['by']})|(?:{_PERSON}[ /])?(?:{some['agency']}))$"
        ),
    )


@cache
def _rows() -> dict[str, list[str]]:
    """Return the phrases of the table by how they match."""
    by: dict[str, list[str]] = {}
    for row in read_table("captions"):
        by.setdefault(row["match"], []).append(row["phrase"])
    return by


def _by_letter(phrases: list[str], size: int = 1) -> dict[str, tuple[str, ...]]:
    letters: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        letters[phrase[:size]] = (*letters.get(phrase[:size], ()), phrase)
    return letters
