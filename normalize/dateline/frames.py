"""Frames: datelines written in one piece, as Chinese, Japanese and Korean news has them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import chain

from normalize.calendar import DateInterval, parse_day
from normalize.dateline.heads import Head
from normalize.dateline.names import is_refused
from normalize.dateline.parts import Body, Setting, agency_forms, day_of_month, find_agency, locate
from normalize.places import find_place
from normalize.tables import read_table

_LONGEST = 70
_POINTS = 6.0  # a frame is a dateline whatever the words in it
_EAST = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_SLOTS = {
    "place": rf"(?P<place>[A-Za-z{_EAST}・·／/]{{1,12}}?)",
    "day": r"(?P<day>(?:[0-9０-９]{4}年)?(?:(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})月)?(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})日)",
    "reporter": rf"(?P<reporter>[A-Za-z{_EAST}、，,·・\s]{{2,24}}?)",
}
_LETTER = r"[^\W\d_]"
_SLOTS |= {
    "name": rf"(?P<place>{_LETTER}[^\d,.;:!?()/\n—–]{{1,28}}(?:-[^\d,.;:!?()/\n—–]{{1,20}})?)",
    "arabic": r"(?P<place>[\u0620-\u06ff][\u0620-\u06ff ]{1,24}?)",
    "outlet": "(?P<agency>[\u3400-\u9fff]{1,6}[网網社报報台])",
    "figures": r"(?P<day>\d{1,2} ?[-/.] ?\d{1,2}(?: ?[-/.] ?\d{4})?)",
    "monthday": r"(?P<day>[A-Z][a-z]{2,8}\.? \d{1,2})",
    "date": rf"(?P<day>\d{{1,2}} {_LETTER}{{3,10}}\.?)",
    "person": rf"(?P<reporter>{_LETTER}+ {_LETTER}+)",
}
# What a line's head must hold for the frames of some languages to be tried, and made, at all.
_FAMILIES = (
    (re.compile(r"[(\[【（［][^\n]{1,30}[=＝]"), ("ko",)),
    (re.compile(r"[^\n]{0,12}[\u3040-\u30ff\u3400-\u9fff]"), ("zh", "ja")),
    (re.compile(r"[\u0400-\u04ff]|[A-Z]\w+[.] [^\n]{3,40}[-–—]"), ("ru",)),
    (re.compile(r"[\u0620-\u06ff]"), ("ar",)),
    (re.compile(rf"[A-Z]{_LETTER}+[.,] [A-Z][a-z]{{2,8}}\.? \d{{1,2}}[.,] [A-Z]"), ("en",)),
    (re.compile(rf"[A-ZÄÖÜ]{_LETTER}+(?:[ -]{_LETTER}+)?\. [A-ZÄÖÜ„“»]"), ("de",)),
)
# "Hamburg. Der Hafenrat …": nothing but a full stop, so it takes a text in German, a city and a sentence after it.
_BARE = "de"
_CITY = 60  # 30,000 inhabitants
_SENTENCE = 60
# "Essen. Das ist …", "Paris. Die Stadt der Liebe …": how a story begins that is no report
_TALE = re.compile(
    r" (?:Das (?:ist|war|sind|waren|heißt)|Die Stadt|(?:Dies\w*|Er|Sie|Es|Ich|Wir|Hier|Dort|Da|Wo|Wer|Was|Wie)\b)"
)


@cache
def _frames(language: str) -> tuple[re.Pattern[str], ...]:
    slots = {**_SLOTS, **_agency_slots()}
    rows = (row["frame"] for row in read_table("dateline_frames") if row["language"] == language)
    return tuple(re.compile(re.sub(r"\{([a-z]+)\}", lambda slot: slots[slot[1]], frame)) for frame in rows)


@cache
def _agency_slots() -> dict[str, str]:
    eastern = sorted((f for f in agency_forms() if re.search(f"[{_EAST}]", f)), key=len, reverse=True)
    western = r"[A-Z][A-Za-z0-9]{1,11}(?:[/·・][A-Za-z\uac00-\ud7af]{2,8})?"  # AFP, AFP時事, AP/뉴시스
    forms = "|".join(map(re.escape, eastern))
    others = "|".join(map(re.escape, sorted(set(agency_forms()) - set(eastern), key=len, reverse=True)))
    return {
        "signature": rf"(?P<agency>(?i:{others}|INTERFAX\.RU|Interfax-[A-Z]\w+(?:\.ru)?))\b",
        "agency": rf"(?P<agency>(?:{forms})|{western})",
    }


def read_frame(text: str, start: int, end: int, setting: Setting) -> Head | None:
    """Return the dateline in one of the frames at the beginning of the line `text[start:end]`.

    >>> found = read_frame("（中央社記者王小明台北31日電）", 0, 16, Setting())
    >>> found.body.places[0].name, found.agency, found.reporter
    ('Taipei', 'CNA Taiwan', '王小明')
    """
    last = min(end, start + _LONGEST)
    for sign, languages in _FAMILIES:
        if sign.match(text, start, last):
            bare = _BARE in languages
            if bare and (setting.language != _BARE or end - start < _SENTENCE):
                continue
            for frame in chain.from_iterable(map(_frames, languages)):
                found = frame.match(text, start, last)
                if found is None or (head := _read(found, setting)) is None:
                    continue
                if not bare or (head.body.weight >= _CITY and _TALE.match(text, head.end) is None):
                    return head
    return None


def _read(found: re.Match[str], setting: Setting) -> Head | None:
    said = found.groupdict()
    agency = said.get("agency")
    signed = (find_agency(agency) or find_agency(re.split("[.-]", agency)[0])) if agency else None
    reporter, named = _parted(said.get("reporter") or "", said.get("place") or "")
    places = [locate(name, setting) for name in re.split("[・·／/]", named) if name]
    weight = min((p.weight for p in places), default=0)
    if agency and not signed and not (weight and (said.get("day") or re.search("[=＝]", found[0]))):
        return None
    if not weight and is_refused(named):  # "(사진=연합뉴스)" is a photo's credit
        return None
    day = _day(said["day"], setting) if said.get("day") else None
    body = Body(tuple(p.place for p in places), day, None, _POINTS, weight, capitals=False)
    if not weight and not (signed or said.get("day")):
        return None
    return Head(found.end(), body, signed or agency, _POINTS, "frame", reporter.strip() or None)


def _parted(reporter: str, place: str) -> tuple[str, str]:
    """Return a reporter's name and the place that stands right after it: 王小 明台北 are 王小明 in 台北."""
    if find_place(place) or not (reporter or len(place) > _NAME):
        return reporter, place
    joined = reporter + place
    cut = next((n for n in range(2, len(joined) - 1) if find_place(joined[n:])), len(reporter))
    return joined[:cut], joined[cut:]


_NAME = 4  # letters of the longest place's name behind which no reporter's stands


def _day(words: str, setting: Setting) -> DateInterval | None:
    """Return the day; a number alone ("31日") is that day of the document's month or of the one before."""
    plain = _HAN.sub(_figures, unicodedata.normalize("NFKC", words))
    if not plain[:-1].isdecimal() or setting.near is None:
        return parse_day(plain, language=setting.language, near=setting.near)
    return day_of_month(int(plain[:-1]), setting)


_HAN = re.compile("[一二三四五六七八九十]+")


def _figures(found: re.Match[str]) -> str:
    """Return a number up to 99 in figures: 三十一 is 31.

    >>> _HAN.sub(_figures, "三月三十一日")
    '3月31日'
    """
    tens, ten, ones = found.group().rpartition("十")
    digits = "一二三四五六七八九"
    return str(
        (digits.find(tens[-1:]) + 1 if tens else 1) * 10 * bool(ten) + (digits.find(ones[-1]) + 1 if ones else 0)
    )
