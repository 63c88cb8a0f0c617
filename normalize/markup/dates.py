"""Dates: when a page says that it was published and updated, with all the evidence."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from normalize.calendar import DateInterval, Moment, parse_day, parse_moment
from normalize.evidence import find_url_day
from normalize.markup.page import Claim
from normalize.markup.schema import words_of
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from normalize.markup.blocks import Block
    from normalize.markup.stated import Stated

_SHORT = 60  # characters of a line that may be a date's own
_UNSURE = 110  # the rank of a date in a line that says more than the date
_YEARS = range(1980, 2100)
# A date in running words: numbers with a year at one end, a day or month name beside a year, or CJK marks.
_DATE = re.compile(
    r"(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|(?:19|20)\d\d\s?년\s?\d{1,2}\s?월\s?\d{1,2}\s?일"
    r"|\b(?:19|20)\d\d\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}\b"
    r"|\b\d{1,2}\s?[-./]\s?\d{1,2}\s?[-./]\s?(?:(?:19|20)\d\d|\d\d)\b"
    r"|\b\d{1,2}(?:st|nd|rd|th|er|\.|º)?(?:\s+de|\s+of|,)?[\s-]+[^\W\d_]{3,12}\.?,?(?:\s+de|\s+del)?[\s-]+(?:19|20)\d\d\b"
    r"|\b[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d\b"
)
_UPDATED = re.compile(r"updated?|modif|aktualis|mis à jour|actualiz|aggiorna|обновл|更新|수정", re.IGNORECASE)


@cache
def _ranks() -> dict[tuple[str, str], tuple[str, int]]:
    return {(row["where"], row["name"]): (row["kind"], int(row["rank"])) for row in read_table("markup_dates")}


def claims_of(stated: Stated, blocks: Sequence[Block], near: Iterable[int], head: int, url: str | None) -> list[Claim]:
    """Return what the page says of its dates, the surest first: JSON-LD, meta, time elements, URL, text."""
    ranked: list[tuple[int, Claim]] = []
    for rank, kind, source, words in _stated(stated, url):
        moment = _moment(words, stated.language)
        if moment is not None:
            ranked.append((rank, Claim(kind, source, words, moment)))
    ranked.extend(_in_text(blocks, near, head, stated.language))
    if all(rank >= _UNSURE for rank, _ in ranked):
        short = (n for n, block in enumerate(blocks) if len(block.text) < _SHORT)
        ranked.extend(item for item in _in_text(blocks, short, head, stated.language) if item[0] < _UNSURE)
    ranked.sort(key=lambda item: item[0])
    return list(dict.fromkeys(claim for _, claim in ranked))


def _stated(stated: Stated, url: str | None) -> Iterator[tuple[int, str, str, str]]:
    """Yield rank, kind, source and words of every date that stands where a date is looked for."""
    ranks = _ranks()
    for key, value in stated.article.items():
        if ("json-ld", key.casefold()) in ranks and (words := _text(value)):
            kind, rank = ranks["json-ld", key.casefold()]
            yield rank, kind, f"json-ld {key}", words
    for name, values in stated.metas.items():
        if ("meta", name) in ranks:
            kind, rank = ranks["meta", name]
            yield rank, kind, f"meta {name}", values[0]
    for name, values in stated.items.items():
        if ("itemprop", name) in ranks:
            kind, rank = ranks["itemprop", name]
            yield rank, kind, f"itemprop {name}", values[0]
    for n, time in enumerate(stated.times):
        if "datemodified" in time.name.casefold() or _UPDATED.search(time.name):
            yield 60 + min(n, 9), "updated", time.source, time.text
        elif "datepublished" in time.name.casefold() or "pubdate" in time.name.casefold():
            yield 40 + min(n, 4), "published", time.source, time.text
        else:
            yield 60 + min(n, 9), "published", time.source, time.text
    for address in (url, stated.url, *stated.metas.get("og:url", ())):
        if address and (day := find_url_day(address)):
            yield 50, "published", "url", day.isoformat()
            return


def _text(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return words_of(value)


@lru_cache(maxsize=500)  # a page states its date three times over
def _moment(words: str, language: str | None) -> Moment | None:
    if len(words) > 200:
        return None
    moment = parse_moment(words, language=language)
    if moment is None and (found := _DATE.search(words)):
        day = parse_day(found[0], language=language)
        moment = Moment(day) if day else None
    if moment is None or moment.days.begin.year not in _YEARS or moment.days.day is None:
        return None
    return moment


def _in_text(
    blocks: Sequence[Block], near: Iterable[int], head: int, language: str | None
) -> Iterator[tuple[int, Claim]]:
    """Yield the dates in short blocks around the headline."""
    for n in near:
        text = blocks[n].text
        if len(text) > 150:
            continue
        for found in _DATE.finditer(text):
            day = parse_day(found[0], language=language)
            if day is not None and day.day is not None and day.begin.year in _YEARS:
                before = text[: found.start()]
                kind = "updated" if _UPDATED.search(before) else "published"
                # a line that is little else than the date, and near the headline, is surest
                rank = 70 + min(abs(n - head), 20) + (_UNSURE - 70) * (3 * len(found[0]) < len(text))
                yield rank, Claim(kind, "text", found[0], Moment(DateInterval.of(day.begin)))
