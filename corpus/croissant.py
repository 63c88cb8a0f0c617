"""Croissant: the corpus described in JSON-LD, for catalogues and loaders of data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from corpus.document import SCHEMA
from corpus.writer import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# As the specification 1.0 prints it: https://docs.mlcommons.org/croissant/docs/croissant-spec.html
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES: tuple[tuple[type[pl.DataType], str], ...] = (
    (pl.String, "sc:Text"),
    (pl.Binary, "sc:Text"),
    (pl.Boolean, "sc:Boolean"),
    (pl.Date, "sc:Date"),
    (pl.Datetime, "sc:DateTime"),
    (pl.Float32, "sc:Float"),
    (pl.Float64, "sc:Float"),
)


def write_croissant(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write `croissant.json` of a corpus into `folder`."""
    content = orjson.dumps(describe(manifest), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    write_text(folder / "croissant.json", content.decode())


def describe(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description: the shards as one set of files, the columns as the fields of one set of records.

    It is called by its plan, so that the same corpus has the same description in whatever folder it lies.
    """
    made = manifest["tools"]["copydesk"]
    partitioned = manifest["plan"]["settings"].get("partition")
    files = {
        "@type": "cr:FileSet",
        "@id": "shards",
        "name": "shards",
        "description": "The documents, in Parquet.",
        "encodingFormat": "application/x-parquet",
        "includes": "data/**/*.parquet" if partitioned else "data/*.parquet",
    }
    records = {
        "@type": "cr:RecordSet",
        "@id": "documents",
        "name": "documents",
        "description": "A record for each document.",
        "key": {"@id": "documents/source"},
        "field": list(_fields()),
    }
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": f"copydesk-{manifest['plan']['id'][:12]}",
        "version": "1.0.0",
        "description": f"{manifest['account']['rows']:,} documents of news, cleaned by copydesk {made}.",
        "distribution": [files],
        "recordSet": [records],
    }


def _fields() -> Iterator[dict[str, Any]]:
    """Yield the columns; those of structs with the fields of theirs, as far as they are plain or lists of plain values."""
    for column, dtype in pl.Schema(SCHEMA).items():
        field: dict[str, Any] = {"@type": "cr:Field", "@id": f"documents/{column}", "name": column}
        if isinstance(dtype, pl.List):
            field["repeated"] = True
        inner = _inner(dtype)
        if isinstance(inner, pl.Struct):
            parts = ((part.name, pl.Schema({part.name: part.dtype})[part.name]) for part in inner.fields)
            field["subField"] = [
                {
                    "@type": "cr:Field",
                    "@id": f"documents/{column}/{name}",
                    "name": name,
                    "dataType": _type(kind),
                    "source": _source(column, name),
                }
                for name, kind in parts
                if not isinstance(_inner(kind), pl.Struct)
            ]
        else:
            field["dataType"] = _type(inner)
            field["source"] = _source(column)
        yield field


def _inner(dtype: pl.DataType) -> pl.DataType:
    return pl.Schema({"": dtype.inner})[""] if isinstance(dtype, pl.List) else dtype


def _type(dtype: pl.DataType) -> str:
    kind = _inner(dtype)
    return next((name for known, name in _TYPES if isinstance(kind, known)), "sc:Integer")


def _source(column: str, part: str | None = None) -> dict[str, Any]:
    source: dict[str, Any] = {"fileSet": {"@id": "shards"}, "extract": {"column": column}}
    return source if part is None else {**source, "transform": {"jsonPath": part}}
