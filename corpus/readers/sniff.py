"""What a file is: by magic bytes where it is compressed or binary, else by its extension, else by its content."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final, Literal, get_args

from corpus.readers.streams import tell_compression

Format = Literal["txt", "html", "jsonl", "json", "csv", "tsv", "parquet", "warc", "binary"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_EXTENSIONS: Final[dict[str, Format]] = {
    "txt": "txt",
    "text": "txt",
    "md": "txt",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "shtml": "html",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "jl": "jsonl",
    "json": "json",
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    # Their magic bytes say so first; where these are damaged, the file must not pass for something else.
    "parquet": "parquet",
    "warc": "warc",
    "wet": "warc",
}
_COMPRESSED: Final = {"gz": "gz", "gzip": "gz", "zst": "zst", "zstd": "zst", "bz2": "bz2", "xz": "xz"}
# What holds no text that we could read; told by its first bytes. ZIP stands for office files too.
_BINARY: Final = (
    b"\x89PNG\r\n",
    b"GIF8",
    b"\xff\xd8\xff",
    b"%PDF-",
    b"PK\x03\x04",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format 3\0",
    b"7z\xbc\xaf",
    b"Rar!",
    b"OggS",
    b"ID3",
    b"wOF",
)
_HTML: Final = re.compile(
    rb"\s*(?:<!--[^>]{0,999}>\s*)?(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)", re.IGNORECASE
)
_JSON: Final = re.compile(rb'\[?\s*\{\s*["}]')
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def container(head: bytes) -> Format | None:
    """Return the binary container that begins with `head`, None where it is none.

    >>> container(b"PAR1...."), container(b"WARC/1.0\\r\\n"), container(b"PARIS")
    ('parquet', 'warc', None)
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    return "warc" if head.startswith(b"WARC/") else None


def by_extension(name: str) -> Format | None:
    """Return the format that the extension of `name` stands for, None for one that is missing or unknown.

    >>> by_extension("a/news.JSONL.gz"), by_extension("page.html"), by_extension("notes")
    ('jsonl', 'html', None)
    """
    suffixes = [s.lstrip(".").lower() for s in PurePosixPath(name).suffixes[-2:]]
    while suffixes and suffixes[-1] in _COMPRESSED:
        suffixes.pop()
    return _EXTENSIONS.get(suffixes[-1]) if suffixes else None


def compression_by_name(name: str) -> str | None:
    """Return the compression that the extension of `name` stands for, None where it stands for none.

    >>> compression_by_name("news.warc.gz"), compression_by_name("news.warc")
    ('gz', None)
    """
    return _COMPRESSED.get(PurePosixPath(name).suffix.lstrip(".").lower())


def by_content(head: bytes) -> Format:
    """Return the format that `head` looks like.

    >>> by_content(b'{"text": "one"}'), by_content(b"<!DOCTYPE html><p>"), by_content(b"A story.")
    ('json', 'html', 'txt')
    """
    if head.startswith(_BINARY) or (b"\0" in head and not head.startswith(_UTF16)):
        return "binary"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _JSON.match(start):
        return "json"
    return "html" if _HTML.match(start) else "txt"


def detect_format(name: str, head: bytes, *, every_text: bool = False) -> Format:
    """Return the format of the file `name` whose decompressed content begins with `head`.

    With `every_text` a file that is no container is one text document.
    """
    found = container(head)
    if found is not None:
        return found
    return "txt" if every_text else by_extension(name) or by_content(head)


__all__ = ["FORMATS", "Format", "by_content", "by_extension", "container", "detect_format", "tell_compression"]
