"""The corpus at a glance: counts of all rows, and samples spread evenly over them, aggregated by polars."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.document import SCHEMA
from corpus.verify import CorpusError, read_manifest, restore_row
from normalize import Facts, Pipeline, presets
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

PIECE = 500  # rows taken at a time for a sample: half a row group
SURVEYED = 500_000  # rows whose datelines and signals are read, of every second or tenth shard where there are more
DRAWN = 50_000  # of these on which distributions are drawn: no eye tells them from those of all rows
READ = 2_000  # rows whose changes are read for samples
PAGES = 40  # documents that get a page of their own
LISTED = 15
_BINS = 30
_AT_ONCE = 250_000  # rows whose counted columns are in memory
_COUNTED = {
    "languages": "language",
    "outlets": "site",
    "agencies": "agency",
    "dates from": "published_from",
    "media types": "media_type",
    "days": "published",
}
_PLACED = {"countries": "country", "places": "place"}
_NONE = pl.DataFrame(schema={"value": pl.String, "rows": pl.Int64})
_NEEDED = (
    *("id", "source", "title", "site", "url", "language", "published", "published_at", "published_from", "agency"),
    *("text", "dateline", "times", "annotations", "changes"),
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows have a value."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Signal:
    """The distribution of a quality signal: quantiles, and `bins` counts from `low` to `high`, where 98% of the rows lie."""

    name: str
    unit: str
    definition: str
    empty: int
    quantiles: tuple[float, ...]  # the least, 5%, half, 95%, the most
    low: float
    high: float
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A change of a sampled document: `row` of the sample, `number` among its document's changes."""

    row: int
    number: int
    removed: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule did: in all rows, and in those that were read."""

    name: str
    changes: int
    removed: int
    words: int
    samples: tuple[Sample, ...]
    common: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A corpus at a glance.

    `rows` of the sample that have a page are in `documents`, by their number; `surveyed`, `drawn` and `read` say
    on how many rows the datelines, the signals and the samples of rules rest.
    """

    name: str
    manifest: Mapping[str, Any]
    counts: Mapping[str, tuple[Count, ...]]
    days: tuple[tuple[date, int], ...]
    signals: tuple[Signal, ...]
    surveyed: int
    drawn: int
    rules: tuple[Rule, ...]
    read: int
    documents: Mapping[int, Mapping[str, Any]]
    rejected: tuple[Mapping[str, Any], ...]
    duplicates: Mapping[str, Any] | None
    costs: Mapping[str, float] | None  # milliseconds of CPU a MB, by step


def read_report(corpus: Path, *, timed: bool = False) -> Report:
    """Return what stands in the corpus at `corpus`; `timed` also times the steps on the sampled documents."""
    manifest = read_manifest(corpus)
    shards = [(corpus / shard["file"], shard["rows"]) for shard in manifest["shards"] if shard["rows"]]
    try:
        datelines, drawn = _survey(shards)
        tables = _count(shards) | {name: _tally(datelines[name], pl.lit(1)) for name in _PLACED}
        days = tables.pop("days").drop_nulls().sort("value")
        read = _spread(shards, READ, _NEEDED)
        changes = _changes(read)
        chosen = _choose(changes)
        documents = {row: read.row(row, named=True) for row in chosen}
        return Report(
            name=corpus.resolve().name,
            manifest=manifest,
            counts={name: tuple(_counts(table)) for name, table in tables.items()},
            days=tuple(days.iter_rows()),
            signals=tuple(_signals(drawn)),
            surveyed=datelines.height,
            drawn=drawn.height,
            rules=tuple(_rules(manifest["changes"], changes, chosen)),
            read=read.height,
            documents=documents,
            rejected=_rejected(corpus),
            duplicates=_duplicates(corpus),
            costs=_time_steps(documents.values(), manifest["share_of_rows_entered"]) if timed else None,
        )
    except (OSError, pl.exceptions.PolarsError) as error:
        first_line = str(error).strip().split("\n")[0]
        raise CorpusError(f"{corpus} cannot be read: {first_line}") from error


def _count(shards: Sequence[tuple[Path, int]]) -> dict[str, pl.DataFrame]:
    """Return for what people ask first its values and how many of all rows have each, those with most rows first."""
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in _COUNTED}
    for paths in _batched(shards):
        frame = pl.scan_parquet(paths, hive_partitioning=False).select(**_COUNTED).collect()
        for name, tables in parts.items():
            tables.append(_tally(frame.get_column(name), pl.lit(1)))
    tallies = {name: pl.concat(tables) if tables else _NONE for name, tables in parts.items()}
    return {name: _tally(table["value"], table["rows"]) for name, table in tallies.items()}


def _survey(shards: Sequence[tuple[Path, int]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the datelines' countries and places of the rows surveyed, and the signals of those drawn, evenly spread."""
    every = -(-sum(rows for _, rows in shards) // SURVEYED)  # rounded up
    chosen = shards[:: max(every, 1)]
    stride = -(-sum(rows for _, rows in chosen) // DRAWN)
    names = [name for name in SCHEMA if name.startswith("q_")]
    datelines = [pl.DataFrame(schema=dict.fromkeys(_PLACED, pl.String))]
    drawn = [pl.DataFrame(schema={name: SCHEMA[name] for name in names})]
    for path, _ in chosen:
        frame = pl.read_parquet(path, hive_partitioning=False, columns=["dateline", *names])
        places = frame["dateline"].struct
        datelines.append(pl.DataFrame({name: places.field(field) for name, field in _PLACED.items()}))
        drawn.append(frame.select(names).gather_every(stride))
    return pl.concat(datelines), pl.concat(drawn)


def _tally(values: pl.Series, rows: pl.Series | pl.Expr) -> pl.DataFrame:
    """Return each value with the sum of its `rows`."""
    frame = pl.DataFrame({"value": values}).with_columns(rows.alias("rows"))
    return frame.group_by("value").agg(pl.col("rows").sum()).sort("rows", "value", descending=[True, False])


def _batched(shards: Sequence[tuple[Path, int]]) -> Iterator[list[Path]]:
    """Yield shards in groups of bounded size."""
    group: list[Path] = []
    size = 0
    for path, rows in shards:
        group.append(path)
        size += rows
        if size >= _AT_ONCE:
            yield group
            group, size = [], 0
    if group:
        yield group


def _counts(table: pl.DataFrame) -> Iterator[Count]:
    """Yield the values with most rows, then what is left together; "" is what has none."""
    yield from (Count(str(value), rows) for value, rows in table.drop_nulls().head(LISTED).iter_rows())
    others = table.drop_nulls().slice(LISTED)
    if others.height:
        yield Count(f"{others.height:,} others", int(others["rows"].sum()))
    if missing := int(table.filter(pl.col("value").is_null())["rows"].sum()):
        yield Count("", missing)


def _spread(shards: Sequence[tuple[Path, int]], wanted: int, columns: Sequence[str]) -> pl.DataFrame:
    """Return about `wanted` rows, in pieces spread evenly over all shards; all rows where there are no more."""
    shape = {name: SCHEMA[name] for name in columns}
    total = sum(rows for _, rows in shards)
    if total <= wanted:
        return pl.concat(
            [
                pl.DataFrame(schema=shape),
                *(pl.read_parquet(path, hive_partitioning=False, columns=list(columns)) for path, _ in shards),
            ]
        )
    stride = total * PIECE // wanted
    scans = []
    before = 0
    for path, rows in shards:
        scan = pl.scan_parquet(path, hive_partitioning=False).select(columns)
        scans += [scan.slice(start, PIECE) for start in range(-before % stride, rows, stride)]
        before += rows
    return pl.concat(pl.collect_all(scans))


def _signals(drawn: pl.DataFrame) -> Iterator[Signal]:
    for about in read_table("signals"):
        column = drawn[about["name"]].cast(pl.Float64)
        known = column.drop_nulls().drop_nans()
        if not known.len():
            continue
        quantiles = tuple(float(known.quantile(q) or 0.0) for q in (0.0, 0.05, 0.5, 0.95, 1.0))
        low, high = float(known.quantile(0.01) or 0.0), float(known.quantile(0.99) or 0.0)
        low, high = (low, high) if high > low else (quantiles[0], max(quantiles[-1], quantiles[0] + 1.0))
        low, width, number = _bins(low, high, whole=not about["type"].startswith("f"))
        at = ((known - low) / width).floor().clip(0, number - 1).cast(pl.UInt32)
        found = dict(at.value_counts().iter_rows())
        bins = tuple(found.get(n, 0) for n in range(number))
        empty = column.len() - known.len()
        high = low + width * number
        yield Signal(about["name"], about["unit"], about["definition"], empty, quantiles, low, high, bins)


def _bins(low: float, high: float, *, whole: bool) -> tuple[float, float, int]:
    """Return where bins begin, how wide they are and how many; of whole numbers each bin holds as many.

    >>> _bins(3.0, 12.0, whole=True)
    (2.5, 1.0, 10)
    """
    if not whole:
        return low, (high - low) / _BINS, _BINS
    width = math.ceil((high - low + 1) / _BINS)
    return low - 0.5, float(width), math.ceil((high - low + 1) / width)


def _changes(read: pl.DataFrame) -> pl.DataFrame:
    """Return the changes of the rows that were read: row, number in its document, rule, removed, text."""
    return (
        read.lazy()
        .with_row_index("row")
        .select("row", "changes", pl.int_ranges(0, pl.col("changes").list.len()).alias("number"))
        .explode("changes", "number", empty_as_null=False)
        .select("row", "number", pl.col("changes").struct.unnest())
        .with_columns(pl.col("why").list.first().alias("rule"))
        .select("row", "number", "rule", "removed", "text")
        .collect()
    )


def _choose(changes: pl.DataFrame) -> tuple[int, ...]:
    """Return rows that together show as many rules as can be, those with most rules not yet shown first."""
    rules = dict(changes.group_by("row", maintain_order=True).agg(pl.col("rule").unique()).iter_rows())
    left = {row: set(names) for row, names in rules.items()}
    chosen: list[int] = []
    while left and len(chosen) < PAGES:
        row = max(left, key=lambda row: (len(left[row]), -row))
        seen = left.pop(row)
        if not seen and len(chosen) >= PAGES // 2:
            break
        chosen.append(row)
        left = {other: names - seen for other, names in left.items()}
    return tuple(chosen)


def _rules(counted: Mapping[str, Mapping[str, int]], changes: pl.DataFrame, chosen: Sequence[int]) -> Iterator[Rule]:
    """Yield what each rule did, the one that removed most first."""
    by_rule = changes.partition_by("rule", as_dict=True)
    for name, total in sorted(counted.items(), key=lambda item: (-item[1]["removed"], item[0])):
        made = by_rule.get((name,), changes.clear())
        shown = made.filter(pl.col("row").is_in(chosen)).unique("removed", keep="first", maintain_order=True)
        common = made.filter(pl.col("removed") != "").group_by("removed").len("rows")
        common = common.filter(pl.col("rows") > 1).sort("rows", "removed", descending=[True, False]).head(5)
        yield Rule(
            name=name,
            changes=total["count"],
            removed=total["removed"],
            words=_words(made["removed"], total["removed"]),
            samples=tuple(Sample(*row) for row in shown.head(3).drop("rule").iter_rows()),
            common=tuple(Count(*row) for row in common.iter_rows()),
        )


def _words(removed: pl.Series, characters: int) -> int:
    """Return about how many words lie in so many characters, from those that were read."""
    read = int(removed.str.len_chars().sum())
    words = int(removed.str.count_matches(r"\S+").sum())
    return math.ceil(words * characters / read) if read else 0


def _rejected(corpus: Path) -> tuple[dict[str, Any], ...]:
    """Return some of the rejected records, with the first of their bytes."""
    paths = sorted((corpus / "rejected").glob("*.parquet"))
    if not paths:
        return ()
    scan = pl.scan_parquet(paths).select("file", "record", "reason", pl.col("raw").bin.head(200))
    return tuple(scan.head(LISTED).collect().iter_rows(named=True))


def _duplicates(corpus: Path) -> dict[str, Any] | None:
    """Return what `copydesk duplicates` found, None where nobody looked."""
    folder = corpus / "duplicates"
    if not (folder / "documents.parquet").exists():
        return None
    documents = pl.scan_parquet(folder / "documents.parquet")
    kinds = documents.group_by("kind").len("rows").sort("kind")
    largest = documents.group_by("cluster").agg(pl.len().alias("rows"), pl.col("id").first())
    largest = largest.sort("rows", "cluster", descending=[True, False]).head(10)
    by_kind, clusters = pl.collect_all([kinds, largest])
    passages = folder / "passages.parquet"
    return {
        "kinds": tuple(Count(*row) for row in by_kind.iter_rows()),
        "largest": tuple(clusters.select("id", "rows").iter_rows()),
        "passages": pl.scan_parquet(passages).select(pl.len()).collect().item() if passages.exists() else 0,
    }


def _time_steps(documents: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, float]:
    """Return the milliseconds of CPU that each step takes a MB of these documents' sources, with its default options."""
    known = set(names)
    pipeline = Pipeline(tuple(step for step in presets.news.steps if step.name in known))
    spent = {step.name: 0.0 for step in pipeline.steps}
    size = 0
    for warm in (False, True):  # tables and models are loaded on the first round
        for row in documents:
            facts = Facts(language=row["language"], title=row["title"], url=row["url"], site=row["site"])
            source = restore_row(dict(row))
            run = pipeline.begin(source, facts)
            size += len(source.encode("utf-8")) * warm
            for step in pipeline.steps:
                before = time.process_time()
                run.advance((step,), None)
                spent[step.name] += (time.process_time() - before) * warm
    return {name: 1e9 * seconds / size for name, seconds in spent.items()} if size else {}
