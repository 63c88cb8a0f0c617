"""Croissant: the corpus described in JSON-LD, for catalogues and loaders of data sets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

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
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES: tuple[tuple[type[pl.DataType], str], ...] = (
    (pl.String, "sc:Text"),
    (pl.Boolean, "sc:Boolean"),
    (pl.Date, "sc:Date"),
    (pl.Datetime, "sc:DateTime"),
    (pl.Float32, "sc:Float"),
    (pl.Float64, "sc:Float"),
)


def write_croissant(folder: Path, manifest: Mapping[str, Any], *, name: str) -> None:
    """Write `croissant.json` of the corpus `name` into `folder`."""
    content = json.dumps(describe(manifest, name), ensure_ascii=False, indent=1)
    write_text(folder / "croissant.json", content + "\n")


def describe(manifest: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the description: the shards as one set of files, the columns as the fields of one set of records."""
    made = manifest["tools"]["copydesk"]
    files = {
        "@type": "cr:FileSet",
        "@id": "shards",
        "name": "shards",
        "description": "The documents, in Parquet.",
        "encodingFormat": "application/x-parquet",
        "includes": "data/**/*.parquet" if manifest["plan"]["settings"].get("partition") else "data/*.parquet",
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
        "name": name,
        "version": "1.0.0",
        "description": f"{manifest['account']['rows']:,} documents of news, cleaned by copydesk {made}.",
        "identifier": manifest["plan"]["id"],
        "distribution": [files],
        "recordSet": [records],
    }


def _fields() -> Iterator[dict[str, Any]]:
    for column, dtype in SCHEMA.items():
        yield _field(column, pl.Schema({column: dtype})[column])


def _field(column: str, dtype: pl.DataType) -> dict[str, Any]:
    field: dict[str, Any] = {"@type": "cr:Field", "@id": f"documents/{column}", "name": column}
    if isinstance(dtype, pl.List):
        field["repeated"] = True
        dtype = pl.Schema({column: dtype.inner})[column]
    # What is nested is text to a reader that does not go into it: the Parquet file itself says how it is made.
    kind = next((name for known, name in _TYPES if isinstance(dtype, known)), None)
    field["dataType"] = kind or ("sc:Integer" if dtype.is_integer() else "sc:Text")
    field["source"] = {"fileSet": {"@id": "shards"}, "extract": {"column": column}}
    return field
