"""Decoding: bytes into text, with what was concluded and why, and the way back to the bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

Newline = Literal["\n", "\r\n", "\r", "mixed"]
Origin = Literal["bom", "utf-8", "declared", "statistics", "lines"]

# The mark of UTF-32-LE begins with that of UTF-16-LE, so it comes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABEL = re.compile(
    rb"""<(?:meta\s[^>]{0,400}?\bcharset\s{0,9}=\s{0,9}["']?|\?xml\s[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}["'])"""
    rb"""([A-Za-z0-9_:.+-]{2,40})""",
    re.IGNORECASE,
)
# How far into a page its label is looked for; how much of a file the statistics see, in bytes and in characters.
_HEAD = 4096
_SAMPLE = 200_000
_ENOUGH = 20_000

_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_BYTES = bytes(range(128, 256))
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\n\r"
# Characters in UTF-8, well formed; and runs of bytes beyond ASCII that are nothing else (linear in spite of
# the lookarounds: a match starts only where a run does).
_FORMED = (
    rb"(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+"
)
_UTF8 = re.compile(_FORMED)
_WHOLE_UTF8 = re.compile(rb"(?<![\x80-\xff])" + _FORMED + rb"(?![\x80-\xff])")
_CUT_UTF8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
# Escape sequences that announce a seven-bit encoding, which else would pass for ASCII.
_ESCAPES = (
    (re.compile(rb"\x1b\$\)C"), "iso-2022-kr"),
    (re.compile(rb"\x1b(?:\$[@B]|\$\(D|\([JI])"), "iso-2022-jp"),
    (re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){1,500}~\}"), "hz"),
)
# High bytes that can only be the quotes, dashes and dots of Windows-1252: the typical damage of English text,
# and too little for statistics. "isn\x92t", " \x93so\x94", "2010\x962015", "well\x85".
_TYPOGRAPHY = re.compile(
    rb"(?:(?<![A-Za-z0-9])[\x91\x93](?=[A-Za-z0-9$\x91\x85])"
    rb"|(?<=[A-Za-z0-9.,!?%*\x85\x94])(?:\x92(?=(?:s|t|d|m|S|T|D|M|re|ve|ll|RE|VE|LL)?(?![A-Za-z]))|\x94(?![A-Za-z0-9]))"
    rb"|(?<=[A-Za-z0-9\x92\x94 .,])[\x96\x97](?=[A-Za-z0-9\x91\x93 ])|(?<=[A-Za-z0-9.,?! ])\x85(?![\x80-\x84])"
    rb"|(?<![A-Za-z])\x92(?=[0-9]{2}|[Tt]is\b|[Cc]ause\b|[Ee]m\b)|(?<![^\s])\x95(?=\s)|(?<=[a-z])\x99(?![A-Za-z])"
    rb"|(?<![\x80-\xff])\xa0(?![\x80-\xff]))"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded text and how it was come by.

    `text` has no byte order mark, and LF line ends where all were alike (`newline` says what they were;
    "mixed" ones stand as they are, None: there was none). `encoding` is a name that Python knows.
    `exact`: `encode_source(text, encoding, bom=bom, newline=newline)` gives the very bytes.
    `evidence` says, in words, what spoke for the encoding and against others.
    """

    text: str
    encoding: str
    encoding_from: Origin
    exact: bool
    bom: bool
    newline: Newline | None
    evidence: tuple[str, ...] = ()


def decode_bytes(raw: bytes, *, declared: str | None = None) -> Decoded:
    """Decode `raw` by its byte order mark, as UTF-8, by the `declared` label, or by statistics. Never fails.

    >>> decode_bytes("Café".encode())
    Decoded(text='Café', encoding='utf-8', encoding_from='utf-8', exact=True, bom=False, newline=None, evidence=())
    >>> found = decode_bytes(b"It\\x92s \\x93news\\x94\\r\\n")
    >>> found.text, found.encoding, found.encoding_from, found.newline
    ('It’s “news”\\n', 'windows-1252', 'statistics', '\\r\\n')

    A label is read as browsers read it; one that the bytes contradict is noticed:

    >>> decode_bytes(b"Caf\\xe9", declared="latin-1").encoding
    'windows-1252'
    >>> wrong = decode_bytes("Президент прибыл в Москву".encode("cp1251"), declared="iso-8859-1")
    >>> wrong.text, wrong.encoding_from
    ('Президент прибыл в Москву', 'statistics')

    UTF-8 with some lines in Windows-1252 is read line by line; such a text is never `exact`:

    >>> decode_bytes("Müller\\n".encode() * 3 + "Müller".encode("cp1252")).text
    'Müller\\nMüller\\nMüller\\nMüller'
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw, encoding, "bom", (), len(mark))
    evidence: list[str] = []
    encoding = _wide(raw) or _seven_bit(raw) or ""
    if encoding:
        return _decoded(raw, encoding, "statistics", ("its zero bytes or escape sequences",))
    try:
        return _finished(raw, raw.decode("utf-8"), "utf-8", "utf-8", (), exact=True)
    except UnicodeDecodeError as error:
        evidence.append(f"not UTF-8 at byte {error.start}")
    if _mostly_utf8(raw):
        return _finished(raw, _by_line(raw), "utf-8", "lines", tuple(evidence), exact=False)
    sample = _sample(raw)
    ranking = _ranking(sample)
    guess = max(ranking, key=lambda name: ranking[name])
    evidence.append(f"statistics: {guess} ({ranking[guess]:.2f})")
    if declared is not None:
        stated = _from_label(declared, sample, ranking, evidence)
        if stated is not None:
            return _decoded(raw, stated, "declared", tuple(evidence))
    return _decoded(raw, guess, "statistics", tuple(evidence))


def encode_source(text: str, encoding: str, *, bom: bool = False, newline: str | None = None) -> bytes:
    """Return the bytes that `decode_bytes` made `text` of, as far as its encoding was exact.

    >>> encode_source("one\\ntwo", "utf-16-le", bom=True, newline="\\r\\n")[:6]
    b'\\xff\\xfeo\\x00n\\x00'
    """
    if newline in ("\r\n", "\r"):
        text = text.replace("\n", newline)
    mark = next((m for m, name in _MARKS if name == encoding), b"") if bom else b""
    try:
        return mark + text.encode(encoding)
    except UnicodeEncodeError:
        pass
    table = _full_table(encoding)
    if table is not None:
        try:
            return codecs.charmap_encode(text, "strict", codecs.charmap_build(table))[0]
        except UnicodeEncodeError:
            pass
    return mark + text.encode(encoding, "replace")


def declared_encoding(raw: bytes) -> str | None:
    """Return the label that a page's or an XML file's head declares, None where there is none.

    >>> declared_encoding(b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">')
    'koi8-r'
    >>> declared_encoding(b'<?xml version="1.0" encoding="Shift_JIS"?>')
    'Shift_JIS'
    >>> declared_encoding(b"no label") is None
    True
    """
    found = _LABEL.search(raw, 0, _HEAD)
    return found[1].decode("ascii") if found else None


def _decoded(raw: bytes, encoding: str, origin: Origin, evidence: tuple[str, ...], skip: int = 0) -> Decoded:
    """Return `raw` (without its first `skip` bytes, a mark) decoded, with replacement characters if need be."""
    body = raw[skip:]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        table = _full_table(encoding)
        if table is not None:
            text = codecs.charmap_decode(body, "strict", table)[0]
        else:
            text = body.decode(encoding, "replace")
            evidence = (*evidence, f"not {encoding} at byte {skip + error.start}")
    return _finished(raw, text, encoding, origin, evidence, bom=skip > 0)


def _finished(
    raw: bytes,
    text: str,
    encoding: str,
    origin: Origin,
    evidence: tuple[str, ...],
    *,
    bom: bool = False,
    exact: bool | None = None,
) -> Decoded:
    newline = _newline(text)
    if newline in ("\r\n", "\r"):
        text = text.replace(newline, "\n")
    if exact is None:
        exact = encode_source(text, encoding, bom=bom, newline=newline) == raw
    return Decoded(text, encoding, origin, exact, bom, newline, evidence)


def _newline(text: str) -> Newline | None:
    """Return how the lines of `text` end, None where there is one line only."""
    if "\r" not in text:
        return "\n" if "\n" in text else None
    pairs = text.count("\r\n")
    counts: dict[Newline, int] = {"\r\n": pairs, "\n": text.count("\n") - pairs, "\r": text.count("\r") - pairs}
    found = [ends for ends, n in counts.items() if n]
    return found[0] if len(found) == 1 else "mixed"


@cache
def _full_table(encoding: str) -> str | None:
    """Return the 256 characters of a Windows code page, its undefined bytes read as controls, as browsers do."""
    if not encoding.startswith("windows-125") and encoding != "cp874":
        return None
    return "".join(bytes((n,)).decode(encoding, "ignore") or chr(n) for n in range(256))


# ---------------------------------------------------------------- what the bytes themselves say


def _wide(raw: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 that the zero bytes of `raw` show, None where they show nothing."""
    sample = raw[:_HEAD]
    zeros = sample.count(0)
    if zeros < 2 or zeros > 0.9 * len(sample):
        return None
    for name in ("utf-32-le", "utf-32-be"):
        if len(raw) % 4 == 0 and "\ufffd" not in sample.decode(name, "replace"):
            return name
    if zeros < 0.2 * len(sample) and len(sample.translate(None, _PRINTABLE)) - zeros < 0.05 * len(sample):
        return None  # ASCII with stray zeros
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if max(odd, even) < 9 * min(odd, even):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _seven_bit(raw: bytes) -> str | None:
    """Return the seven-bit encoding whose escape sequences stand in `raw`, None where none does."""
    if (b"\x1b" not in raw and b"~{" not in raw) or not raw.isascii():
        return None
    for pattern, encoding in _ESCAPES:
        if pattern.search(raw):
            try:
                raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            return encoding
    return None


def _mostly_utf8(raw: bytes) -> bool:
    """Return whether `raw` is UTF-8 but for some lines or damage.

    Chance alone makes half of an EUC-JP file well formed, byte by byte, but hardly one of its runs whole;
    in a file that mixes encodings each run of bytes beyond ASCII is wholly the one or the other.
    """
    high = _beyond_ascii(raw)
    valid = high - _beyond_ascii(_UTF8.sub(b"", raw))
    rest, runs = _WHOLE_UTF8.subn(b"", raw)
    whole = high - _beyond_ascii(rest)
    return (valid >= 30 and valid >= 0.8 * high) or (runs > 2 and whole >= 0.4 * high)


def _beyond_ascii(raw: bytes) -> int:
    return len(raw) - len(raw.translate(None, _HIGH_BYTES))


def _by_line(raw: bytes) -> str:
    """Return the text of UTF-8 with lines, or pieces of lines, in Windows-1252."""
    return "".join(_line(line) for line in raw.splitlines(keepends=True))


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        pass
    parts = []
    done = 0
    for valid in _UTF8.finditer(line):
        parts += [_piece(line[done : valid.start()]), valid[0].decode("utf-8")]
        done = valid.end()
    parts.append(_piece(line[done:]))
    return "".join(parts)


def _piece(piece: bytes) -> str:
    """Return bytes that are no UTF-8 as Windows-1252; a character cut in two is lost."""
    whole = _CUT_UTF8.sub(b"\x00\xff\x00", piece) if not piece.isascii() else piece
    table = _full_table("windows-1252") or ""
    return codecs.charmap_decode(whole, "strict", table)[0].replace("\x00ÿ\x00", "\ufffd")


# ---------------------------------------------------------------- what a label or the statistics say


@cache
def _labels() -> dict[str, str]:
    return {label: row["encoding"] for row in read_table("encodings") for label in row["labels"].split()}


@cache
def _guesses() -> dict[str, str]:
    return {name: row["encoding"] for row in read_table("encodings") for name in row["guess"].split()}


def _from_label(declared: str, sample: bytes, ranking: Mapping[str, float], evidence: list[str]) -> str | None:
    """Return the encoding that a label declares, None where it is unknown or the bytes contradict it.

    A label is given the benefit of the doubt: it stands while the statistics find it at least half as
    likely as their first choice, and the text does not read oddly by it.
    """
    encoding = _labels().get(declared.strip().lower())
    if encoding is None:
        evidence.append(f"declared {declared!r}: no such encoding")
        return None
    if encoding.startswith("utf-") or not _decodes(sample, encoding):
        evidence.append(f"declared {declared!r}: the bytes are none")
        return None
    guess = max(ranking, key=lambda name: ranking[name])
    texts = [sample.decode(name, "replace")[:_ENOUGH] for name in (encoding, guess)]
    if texts[0] == texts[1]:
        return encoding
    here, there = map(_oddness, texts)
    unlikely = ranking.get(encoding, 0.0) < ranking[guess] / 2 and encoding in _guesses().values()
    if (unlikely and here >= there) or here > 2 * there + 0.1:
        evidence.append(f"declared {declared!r}: {guess} is likelier, odd places {here:.2f} to {there:.2f}")
        return None
    return encoding


def _decodes(sample: bytes, encoding: str) -> bool:
    """Return whether `sample` decodes, but for a character cut at its end and one damaged place in a thousand."""
    if _full_table(encoding) is not None:
        return True
    text = sample.decode(encoding, "replace")
    return text.count("\ufffd") <= 1 + len(text) // 1000


def _sample(raw: bytes) -> bytes:
    """Return the part of `raw` that tells its encoding: from shortly before its first byte beyond ASCII."""
    high = _HIGH.search(raw)
    start = max(0, high.start() - 1000) if high else 0
    return raw[start : start + _SAMPLE]


def _ranking(sample: bytes) -> dict[str, float]:
    """Return the encodings that the statistics of `sample` speak for, with how strongly they do."""
    if not _HIGH.search(_TYPOGRAPHY.sub(b"", sample)):
        return {"windows-1252": 1.0}
    from chardet import detect_all  # noqa: PLC0415 (its models load when a file is no UTF-8)

    ranking: dict[str, float] = {}
    for found in detect_all(sample, ignore_threshold=True, include_encodings=_guesses(), compat_names=False):
        name = str(found["encoding"]).lower()
        encoding = _guesses().get(name) or _labels().get(name)
        if encoding is not None:
            ranking.setdefault(encoding, float(found["confidence"]))
    return ranking or {"windows-1252": 0.0}


def _oddness(text: str) -> float:
    """Return the share of the characters beyond ASCII that stand where no language puts them."""
    odd = high = 0
    before = " "
    run = 0
    for n, c in enumerate(text):
        if c < "\x80":
            run = 0
        else:
            high += 1
            after = text[n + 1 : n + 2]
            latin = "\xc0" <= c < "\u0250"
            run = run + 1 if latin else 0
            odd += (
                c == "\ufffd"
                or c < "\xa0"
                or "\u2500" <= c < "\u25a0"
                or "\ue000" <= c < "\uf900"
                or run > 2
                or (c < "\u0370" and not c.isalpha() and before.isalpha() and after.isalpha() and c not in "\xad\xb7")
                or (c.isupper() and before.islower())
            )
        before = c
    return odd / high if high else 0.0
