"""Make fictional news to try things on: any number of documents, with chosen dirt, and the truth about each.

    python scripts/make_corpus.py corpus.jsonl --size 1GB
    python scripts/make_corpus.py pages/ --format html --documents 100 --truth truth.jsonl
    python scripts/make_corpus.py clean.parquet --documents 5000 --dirt none

The same options give the same documents, on every machine.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import html
import itertools
import random
import re
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import click
import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

T = TypeVar("T")
LONG_WORD = re.compile(r"\b([^\W\d_]{5})(?=[^\W\d_]{5})")


class Tongue(NamedTuple):
    """What a language gives to the templates: `sentences` draw on the other lists by `{name}`."""

    cities: tuple[tuple[str, str, str], ...]  # name as the language writes it, country, zone
    agencies: tuple[str, ...]
    dateline: str
    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    head: tuple[str, ...]
    tail: tuple[str, ...]
    caption: str


PEOPLE = ("Ansel Marrow", "Ilse Brandvold", "Oren Castagna", "Tamsin Okafor-Reyes", "Vilma Hartikka", "Benoît Sorel",
          "Lúcia Antunes", "Goran Petrusic", "Noor Abdelhadi", "Keiko Aramata", "Desmond Quill", "Rosalind Achterberg")  # fmt: skip
TONGUES: dict[str, Tongue] = {
    "en": Tongue(
        (("LONDON", "GB", "Europe/London"), ("NAIROBI", "KE", "Africa/Nairobi"), ("OTTAWA", "CA", "America/Toronto"),
         ("CANBERRA", "AU", "Australia/Sydney"), ("MANILA", "PH", "Asia/Manila"), ("WARSAW", "PL", "Europe/Warsaw")),
        ("AP", "AFP", "Reuters"), "{city} ({agency}) — ",
        ("{thing} of {town} opens after long wait", "{town} votes to keep its {thing}", "No {thing} for {town} this year"),
        ("The {thing} in {town} will stay open until the end of {year}, {person} said on {weekday}.",
         "“Nobody asked the {group} what they thought of the {thing},” {person} told reporters.",
         "Officials counted {number} {group} at the gates, twice as many as a year earlier.",
         "A spokesman for the {group} declined to say whether the {thing} had been paid for.",
         "The council of {town} set aside {number},000 pounds for repairs, which are to begin next month.",
         "{person}, who has run the {thing} since 1987, doesn’t expect the dispute to be settled soon.",
         "It was the third time in {number} years that the {group} had walked out over the {thing}.",
         "In a letter dated {month} {day}, {person} warned that the {thing} could close within weeks.",
         "“We waited, and then we waited again,” said {person}, one of {number} {group} who came to {town}.",
         "By {weekday} evening the road to {town} was open, and the first {group} had gone home."),
        {"thing": ("ferry", "lighthouse", "night market", "clock tower", "cable car", "seed library", "printing works"),
         "town": ("Aldermouth", "Port Ellery", "Skarnhaven", "Lower Wexcombe", "Morrow Falls", "Tarn Bridge"),
         "group": ("growers", "dockers", "teachers", "bell ringers", "weavers", "lamplighters"),
         "month": ("January", "March", "May", "June", "September", "November"),
         "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")},
        ("Skip to content", "Home", "World", "Business", "Sign in", "Share on Facebook"),
        ("Read more: Ten walks for a winter weekend", "Sign up for our newsletter", "All rights reserved."),
        "{person} at the {thing} in {town} (file photo)",
    ),
    "de": Tongue(
        (("Berlin", "DE", "Europe/Berlin"), ("Wien", "AT", "Europe/Vienna"), ("Zürich", "CH", "Europe/Zurich")),
        ("dpa", "AFP"), "{city} ({agency}) - ",
        ("{town} behält {thing}", "Streit um {thing} in {town}"),
        ("In {town} bleibt {thing} bis Ende {year} geöffnet, wie {person} am {weekday} sagte.",
         "„Die {group} wurden nicht gefragt“, sagte {person} vor Journalisten.",
         "Gezählt wurden {number} {group}, doppelt so viele wie vor einem Jahr.",
         "Die Gemeinde {town} hat {number}.000 Euro für die Reparatur zurückgelegt, die im nächsten Monat beginnt.",
         "Schon am {day}. {month} hatte {person} vor einer Schließung gewarnt."),
        {"thing": ("die Kleinbahn", "das Stellwerk", "die Saatgutbücherei", "der Uhrturm"),
         "town": ("Niederostern", "Süßenbach", "Grünmoor", "Altwörden"),
         "group": ("Weber", "Lehrer", "Glöckner", "Fährleute"), "month": ("Januar", "März", "Mai", "Oktober"),
         "weekday": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")},
        ("Startseite", "Politik", "Wirtschaft", "Artikel teilen"), ("Newsletter abonnieren", "Impressum", "Datenschutz"),
        "{person} in {town} (Archivbild)",
    ),
    "fr": Tongue(
        (("Paris", "FR", "Europe/Paris"), ("Genève", "CH", "Europe/Zurich"), ("Dakar", "SN", "Africa/Dakar")),
        ("AFP",), "{city} ({agency}) – ",
        ("{town} garde {thing}", "Nouvelle attente pour {thing} de {town}"),
        ("À {town}, {thing} restera en service jusqu’à la fin de {year}, a annoncé {weekday} {person}.",
         "« Personne n’a consulté les {group} », a déclaré {person} à la presse.",
         "On a compté {number} {group}, deux fois plus que l’année précédente.",
         "La commune de {town} a réservé {number} 000 euros aux travaux, qui débuteront le mois prochain.",
         "Dès le {day} {month}, {person} avait mis en garde contre une fermeture."),
        {"thing": ("le bac", "la verrerie", "le phare", "le marché de nuit"), "town": ("Bréhac", "Sainte-Odile", "Valmorel-sur-Lys"),
         "group": ("tisserands", "bateliers", "instituteurs"), "month": ("janvier", "mars", "août", "décembre"),
         "weekday": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")},
        ("Accueil", "Monde", "Économie", "Partager sur Facebook"), ("À lire aussi : Les ardoisiers cherchent un toit", "Mentions légales"),
        "{person} à {town} (photo d’archives)",
    ),
    "ru": Tongue(
        (("МОСКВА", "RU", "Europe/Moscow"), ("МИНСК", "BY", "Europe/Minsk"), ("ОМСК", "RU", "Asia/Omsk")),
        ("ТАСС", "РИА Новости"), "{city}, {day} {short} - {agency}. ",
        ("В городе {town} открыли {thing}", "{town}: {thing} снова работает"),
        ("Как сообщили в {weekday} в администрации, {thing} в городе {town} проработает до конца {year} года.",
         '"Никто не спросил, что об этом думают {group}", - сказал {person}.',
         "За день пришли {number} человек, вдвое больше, чем годом ранее.",
         "На ремонт выделили {number} тысяч рублей, работы начнутся в следующем месяце.",
         "Ещё {day} {month} {person} предупреждал о закрытии."),
        {"thing": ("паром", "маяк", "музей валенка"), "town": ("Заречногорск", "Верхнелипск", "Тихая Пристань"),
         "group": ("ткачи", "учителя", "паромщики"), "month": ("января", "марта", "июня", "октября"),
         "weekday": ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье")},
        ("Главная", "Новости", "Общество"), ("Читайте также", "Подписывайтесь на наш канал"), "{person}, {town} (архивное фото)",
    ),
    "zh": Tongue(
        (("北京", "CN", "Asia/Shanghai"), ("杭州", "CN", "Asia/Shanghai"), ("香港", "HK", "Asia/Hong_Kong")),
        ("新华社",), "{agency}{city}{monthno}月{day}日电　",
        ("{town}的{thing}重新开放", "{town}决定保留{thing}"),
        ("{person}{weekday}表示，{town}的{thing}将开放至{year}年底。", "“没有人问过{group}的意见。”{person}对记者说。",
         "当天共有{number}名{group}到场，是去年同期的两倍。", "{town}已拨款{number}万元用于修缮，工程下月开始。",
         "早在{monthno}月{day}日，{person}就提醒说{thing}可能关闭。"),
        {"thing": ("渡口", "灯塔", "修伞铺"), "town": ("青石镇", "柳河村", "云岭县"), "group": ("织工", "教师", "船工"),
         "weekday": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")},
        ("首页", "社会", "财经"), ("相关新闻", "责任编辑：唐知微"), "{town}的{thing}（资料图）",
    ),
}  # fmt: skip
SHORT_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")


@dataclass(slots=True)
class Page:
    """One document: what the page says, and what is true of it. `body` is what a cleaner should keep."""

    id: str
    language: str
    published: str
    title: str
    body: str
    city: tuple[str, str, str]
    agency: str
    dateline: str
    caption: str
    text: str
    recorded: bool  # whether the record itself has title and date
    dirt: list[str] = field(default_factory=list)


class Stock(NamedTuple):
    """What the pages of one language are put together from."""

    paragraphs: list[str]
    titles: list[str]
    captions: list[str]

    @classmethod
    def made(cls, tongue: Tongue, size: int, draw: random.Random) -> Stock:
        """Return `size` of each."""
        return cls(
            [paragraph(tongue, draw) for _ in range(size)],
            [filled(draw.choice(tongue.titles), tongue, draw) for _ in range(size)],
            [filled(tongue.caption, tongue, draw) for _ in range(size)],
        )


def paragraph(tongue: Tongue, draw: random.Random) -> str:
    """Return two to four sentences of `tongue`."""
    space = "" if "。" in tongue.sentences[0] else " "
    return space.join(filled(s, tongue, draw) for s in draw.sample(tongue.sentences, draw.randint(2, 4)))


def filled(template: str, tongue: Tongue, draw: random.Random) -> str:
    """Return `template` with a word drawn for each name in it."""
    words = {name: draw.choice(choices) for name, choices in tongue.words.items()}
    return template.format(person=draw.choice(PEOPLE), number=draw.randint(3, 900), year=draw.randint(2018, 2030),
                           day=draw.randint(1, 28), monthno=draw.randint(1, 12), **words)  # fmt: skip


def as_it_is(error: UnicodeError) -> tuple[str, int]:
    """Keep a byte that Windows-1252 has no letter for, as browsers do."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("as_it_is", as_it_is)


def garbled(page: Page) -> str:
    """Return the text as it looks when its UTF-8 is read as Windows-1252."""
    return page.text.encode().decode("cp1252", "as_it_is")


def hyphenated(page: Page) -> str:
    """Return the text with a soft hyphen in every very long word."""
    return LONG_WORD.sub("\\1\N{SOFT HYPHEN}", page.text)


def with_furniture(page: Page) -> str:
    """Return the text between a page's menu and its foot."""
    tongue = TONGUES[page.language]
    return "\n".join(tongue.head) + f"\n\n{page.text}\n\n" + "\n".join(tongue.tail)


class Dirt(NamedTuple):
    """One way in which a page is not its story, and the share of scraped pages that have it."""

    share: float
    put_on: Callable[[Page], str]


# In the order they are put on: characters last, since they spoil everything on the page.
DIRT: dict[str, Dirt] = {
    "inline-date": Dirt(0.05, lambda page: f" date {page.published} {page.text}"),
    "agency": Dirt(0.1, lambda page: f"{page.text}\n\n{page.agency}"),
    "caption": Dirt(0.1, lambda page: f"{page.caption}\n\n{page.text}"),
    "headline": Dirt(0.3, lambda page: f"{page.title}\n\n{page.text}"),
    "furniture": Dirt(0.3, with_furniture),
    "nbsp": Dirt(0.2, lambda page: page.text.replace(" — ", "\u00a0— ").replace("000 ", "000\u00a0")),
    "soft-hyphen": Dirt(0.03, hyphenated),
    "mojibake": Dirt(0.01, garbled),
    "crlf": Dirt(0.05, lambda page: page.text.replace("\n", "\r\n")),
}


def make_pages(
    documents: int | None = None,
    *,
    languages: Sequence[str] = ("en", "en", "en", "de", "fr", "ru", "zh"),
    dirt: Iterable[str] = tuple(DIRT),
    share: float | None = None,
    seed: int = 1,
    pool: int = 300,
) -> Iterator[Page]:
    """Yield `documents` pages, without end where it is None; each of `dirt` is put on its own share of them, or on `share`.

    Paragraphs come from a pool of `pool` a language, so that speed does not hang on the templates.
    """
    draw = random.Random(seed)  # noqa: S311 (nothing is secret)
    stock = {code: Stock.made(TONGUES[code], pool, draw) for code in sorted(set(languages))}
    put_on = [(name, d.share if share is None else share, d.put_on) for name, d in DIRT.items() if name in set(dirt)]
    days = [(day, day.isoformat()) for day in (date(2016, 1, 1) + timedelta(n) for n in range(1500))]

    def pick(choices: Sequence[T]) -> T:
        return choices[int(draw.random() * len(choices))]  # three times as fast as draw.choice

    for n in itertools.count() if documents is None else range(documents):
        code, (day, published) = pick(languages), pick(days)
        tongue, ours = TONGUES[code], stock[code]
        city, agency = pick(tongue.cities), pick(tongue.agencies)
        head = tongue.dateline.format(
            city=city[0], agency=agency, day=day.day, monthno=day.month, short=SHORT_MONTHS[day.month - 1]
        )
        body = "\n\n".join(draw.choices(ours.paragraphs, k=4 + int(draw.random() * 12)))
        page = Page(
            f"made-{seed}-{n:08d}", code, published, pick(ours.titles), body, city, agency,
            head.strip(" -–—\u3000"), pick(ours.captions), head + body, recorded=draw.random() < 0.5,
        )  # fmt: skip
        for name, likely, change in put_on:
            if draw.random() < likely:
                page.text = change(page)
                page.dirt.append(name)
        yield page


def as_record(page: Page) -> dict[str, str]:
    """Return the record that a crawl would hold of the page."""
    record = {"id": page.id, "url": f"https://news.example/{page.language}/{page.id}", "text": page.text}
    return record | ({"title": page.title, "date": page.published} if page.recorded else {})


def as_html(page: Page) -> str:
    """Return the page as HTML."""
    blocks = "\n".join(f"<p>{html.escape(block)}</p>" for block in page.text.split("\n\n"))
    return (
        f'<!doctype html>\n<html lang="{page.language}"><head><meta charset="utf-8"><title>{html.escape(page.title)}</title>'
        f'<meta property="article:published_time" content="{page.published}"></head>\n<body><nav><a href="/">Home</a></nav>'
        f"<article><h1>{html.escape(page.title)}</h1>\n{blocks}\n</article><footer>All rights reserved</footer></body></html>\n"
    )


def as_truth(page: Page) -> dict[str, object]:
    """Return what is true of the page."""
    place, country, zone = page.city
    truth = {name: value for name, value in asdict(page).items() if name not in {"text", "city", "recorded"}}
    return truth | {"place": place, "country": country, "timezone": zone}


def write_lines(out: Path, pages: Iterable[Page]) -> None:
    """Write one JSON record a line, compressed where the name ends in .gz."""
    with (
        out.open("wb", 1 << 20) as raw,
        gzip.GzipFile("", "wb", 6, raw, 0) if out.suffix == ".gz" else nullcontext(raw) as f,
    ):
        for page in pages:
            f.write(orjson.dumps(as_record(page), option=orjson.OPT_APPEND_NEWLINE))


def write_csv(out: Path, pages: Iterable[Page]) -> None:
    """Write one CSV row a page."""
    with out.open("wb", 1 << 20) as raw, TextIOWrapper(raw, "utf-8", newline="") as f:
        rows = csv.DictWriter(f, ("id", "url", "title", "date", "text"), restval="")
        rows.writeheader()
        rows.writerows(map(as_record, pages))


def write_parquet(out: Path, pages: Iterable[Page]) -> None:
    """Write one Parquet row a page; the way through a file of lines keeps memory flat."""
    import polars as pl  # noqa: PLC0415 (slow to import, needed here only)

    lines = out.with_name(f"{out.name}.jsonl")
    write_lines(lines, pages)
    schema = dict.fromkeys(("id", "url", "title", "date", "text"), pl.String)
    pl.scan_ndjson(lines, schema=schema).sink_parquet(out, compression="zstd")
    lines.unlink()


def write_files(out: Path, pages: Iterable[Page], suffix: str) -> None:
    """Write one file a page, a thousand to a folder."""
    for n, page in enumerate(pages):
        folder = out / f"{n // 1000:05d}"
        if n % 1000 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{page.id}.{suffix}").write_bytes((as_html(page) if suffix == "html" else page.text).encode())


WRITERS: dict[str, Callable[[Path, Iterable[Page]], None]] = {
    "jsonl": write_lines,
    "csv": write_csv,
    "parquet": write_parquet,
    "txt": lambda out, pages: write_files(out, pages, "txt"),
    "html": lambda out, pages: write_files(out, pages, "html"),
}


def up_to(size: float, pages: Iterator[Page]) -> Iterator[Page]:
    """Yield pages until their texts make `size` bytes of UTF-8."""
    made = 0
    while made < size:
        page = next(pages)
        made += len(page.text.encode()) + 100  # the record's other fields
        yield page


def watched(pages: Iterator[Page], truth: StringIO) -> Iterator[Page]:
    """Yield the pages and write the truth about each."""
    for page in pages:
        truth.write(orjson.dumps(as_truth(page)).decode() + "\n")
        yield page


def in_bytes(size: str) -> float:
    """Return the bytes that "1GB", "64MB" or "500000" name.

    >>> in_bytes("1.5MB")
    1500000.0
    """
    digits = size.upper().rstrip("BKMG")
    return float(digits) * {"": 1, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9}[size.upper()[len(digits) :]]


def check(wanted: Iterable[str], known: Mapping[str, object], what: str) -> None:
    """Refuse what there is none of."""
    for name in wanted:
        if name not in known:
            raise click.UsageError(f"no {what} {name!r}; there are {', '.join(known)}")


@click.command(help=__doc__)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--documents", type=int, help="How many documents (default 1,000).")
@click.option("--size", help="Bytes of text instead: 64MB, 1GB.")
@click.option("--format", "form", type=click.Choice(list(WRITERS)), help="Default: what OUT's name says, else jsonl.")
@click.option(
    "--languages", default="en,en,en,de,fr,ru,zh", show_default=True, help="Drawn from; repeat one to weigh it."
)
@click.option("--dirt", default=",".join(DIRT), show_default=True, help="What to put on pages, or none.")
@click.option("--share", type=float, help="The share of pages each dirt is put on (default: what is usual for it).")
@click.option("--seed", default=1, show_default=True)
@click.option("--truth", type=click.File("w", encoding="utf-8"), help="Write what is true of each page, as JSONL.")
def main(
    out: Path,
    documents: int | None,
    size: str | None,
    form: str | None,
    languages: str,
    dirt: str,
    share: float | None,
    seed: int,
    truth: StringIO | None,
) -> None:
    """Make the pages and write them."""
    wanted = [] if dirt == "none" else dirt.split(",")
    check(wanted, DIRT, "dirt")
    check(languages.split(","), TONGUES, "language")
    pages = make_pages(
        None if size else documents or 1000, languages=tuple(languages.split(",")), dirt=wanted, share=share, seed=seed
    )
    pages = up_to(in_bytes(size), pages) if size else pages
    pages = watched(pages, truth) if truth else pages
    suffix = out.name.removesuffix(".gz").rpartition(".")[2]
    WRITERS[form or (suffix if suffix in WRITERS and out.suffix else "jsonl")](out, pages)


if __name__ == "__main__":
    main()
