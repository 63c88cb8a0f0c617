"""The fields of a record (a JSON object, a CSV or Parquet row) into a `Record`, or the reason why not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from corpus.readers.record import FIELDS, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

_MEDIA = {"text": "text/plain", "html": "text/html"}
_BODIES = frozenset({"text", "html"})
_LISTS = frozenset({"authors", "tags", "captions"})
_SCALARS = frozenset({"id", "date", "updated"})
_CODE = re.compile(r"[a-z]{2,3}")


class Origin(NamedTuple):
    """How the bytes of the record's fields became text."""

    encoding: str = "utf-8"
    encoding_from: str = "utf-8"
    exact: bool | None = None


UTF8 = Origin()


def make_record(values: Mapping[str, object], source: str, sha256: str, origin: Origin = UTF8) -> Record | str:
    """Return the record that `values` hold, or in one clause why there is none.

    >>> make_record({"text": "One.\\r\\nTwo.", "id": 7}, "a.jsonl#byte=0", "").body
    'One.\\nTwo.'
    >>> make_record({"text": 3.5}, "", "")
    'text is a number (3.5), not a string'

    Where a record has both, `text` is read and `html` stays in `extra`; so does a field that is not of the
    kind that its column holds:

    >>> record = make_record({"text": "One.", "title": "A", "url": 7, "authors": [{"name": "B"}]}, "", "")
    >>> record.extra
    {'url': 7, 'authors': [{'name': 'B'}]}
    """
    form = _form(values)
    body = values.get(form)
    if type(body) is not str:
        return _complain(values)
    body, bom, newline = unify(body)
    return Record(
        source,
        body,
        form,
        {k: v for k, v in values.items() if k in FIELDS},
        {k: v for k, v in values.items() if not _has_column(k, v) and k != form and not (k in _BODIES and not v)},
        _MEDIA[form],
        origin.encoding,
        origin.encoding_from,
        origin.exact,
        bom,
        newline,
        sha256,
        body.encode("utf-8") if form == "html" else None,
    )


def unify(text: str) -> tuple[str, bool, str | None]:
    r"""Return `text` without BOM and with LF line ends where all were alike, whether it had one, what they were.

    >>> unify("\ufeffone\r\ntwo\r\n")
    ('one\ntwo\n', True, '\r\n')
    >>> unify("one\r\ntwo\n")
    ('one\r\ntwo\n', False, 'mixed')
    """
    bom = text.startswith("\ufeff")
    if bom:
        text = text[1:]
    if "\r" not in text:
        return text, bom, "\n" if "\n" in text else None
    pairs = text.count("\r\n")
    feeds, returns = text.count("\n"), text.count("\r")
    if feeds == returns == pairs:
        return text.replace("\r\n", "\n"), bom, "\r\n"
    if not feeds:
        return text.replace("\r", "\n"), bom, "\r"
    return text, bom, "mixed"


def _has_column(name: str, value: object) -> bool:
    """Tell whether a column can hold all that the field says."""
    if name not in FIELDS or value is None:
        return name in FIELDS
    if name in _LISTS and isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    if name == "language":
        return isinstance(value, str) and bool(_CODE.fullmatch(value))
    return isinstance(value, str) or (name in _SCALARS and type(value) in (int, float))


def _form(values: Mapping[str, object]) -> Literal["text", "html"]:
    text, html = values.get("text"), values.get("html")
    return "html" if type(html) is str and html and (text is None or text == "") else "text"


def _complain(values: Mapping[str, object]) -> str:
    name = "text" if "text" in values or "html" not in values else "html"
    if name not in values:
        return "the record has neither text nor html"
    value = values[name]
    if value is None:
        return f"{name} is null"
    return f"{name} is {describe(value)}, not a string"


def describe(value: object) -> str:
    """Say in words what a JSON value is, with a number's value.

    >>> describe([1, 2]), describe(False), describe(3)
    ('an array', 'false', 'a number (3)')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"a number ({value!s:.40})"
    names = {str: "a string", list: "an array", dict: "an object", type(None): "null", bytes: "bytes"}
    return names.get(type(value), f"a {type(value).__name__}")
