"""Quality signals: the heuristics of C4, Gopher, RefinedWeb and FineWeb as columns, from one tokenisation of the text.

Each is defined in `normalize/data/signals.tsv`: name, type, unit, definition, source, and where it differs from
datatrove's. A share is of the whole, between 0 and 1, and 0 where the whole is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.plain_signals import plain_signals
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

_TYPES: dict[str, type[pl.DataType]] = {"u32": pl.UInt32, "f32": pl.Float32, "bool": pl.Boolean}
_FEW = 20_000  # characters that are measured in plain Python sooner than numpy is imported


def signal_types() -> dict[str, type[pl.DataType]]:
    """Return the type of each signal's column, in the order of the table."""
    return {row["name"]: _TYPES[row["type"]] for row in read_table("signals")}


def add_signals(frame: pl.DataFrame, source_chars: Sequence[int]) -> pl.DataFrame:
    """Return `frame` (text, language, changes, times) with a column for each signal of the table.

    `source_chars` is the length of each row's source text.
    """
    share = (pl.col("q_chars") / pl.Series(source_chars, dtype=pl.UInt32)).fill_nan(None).alias("q_kept")
    first = pl.element().struct.field("why").list.first()
    repairs = pl.col("changes").list.eval(first.str.contains("^(?:fix|drop|compose|fold)_")).list.sum()
    open_ended = pl.element().struct.field("begin").is_null() & pl.element().struct.field("type").is_in(
        ["DATE", "TIME"]
    )
    unresolved = pl.col("times").list.eval(open_ended).list.sum()
    own = (share, repairs.alias("q_repairs"), unresolved.alias("q_unresolved_times"))
    types = signal_types()
    measured = frame.hstack(text_signals(frame["text"], frame["language"]))
    return measured.with_columns(each.cast(types[each.meta.output_name()]) for each in own)


def text_signals(text: pl.Series, language: pl.Series) -> pl.DataFrame:
    """Return what is measured on the clean text alone, one row a text.

    >>> frame = text_signals(pl.Series(["One word. Two words.", ""]), pl.Series(["en", None]))
    >>> frame.select("q_words", "q_sentences", "q_stop_words").rows()
    [(4, 2, 0), (0, 0, None)]
    """
    texts, languages = text.to_list(), language.to_list()
    if 0 < sum(map(len, texts)) <= _FEW:
        rows = [plain_signals(*row) for row in zip(texts, languages, strict=True)]
        measured = {name: [row[name] for row in rows] for name in rows[0]}
    else:
        from corpus.signal_arrays import measure_signals  # noqa: PLC0415  # numpy is loaded for many texts only

        measured = measure_signals(texts, languages)
    # Of series, each of its type: polars' own casts of many columns cost more than these lists.
    return pl.DataFrame([pl.Series(n, measured[n], dtype=t) for n, t in signal_types().items() if n in measured])
