"""Bytes of a file as a stream of blocks: local, standard input or fsspec, decompressed, in bounded memory."""

from __future__ import annotations

import bz2
import codecs
import io
import lzma
import sys
import tempfile
import zlib
from contextlib import contextmanager, nullcontext
from itertools import chain
from typing import IO, TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BLOCK: Final = 1 << 20
"""How much is read at once."""
HEAD: Final = 64 << 10
"""How much tells what a file is."""

DICTIONARY: Final = b"\x5d\x2a\x4d\x18"
"""The frame with which a zst archive says by what dictionary its other frames are compressed."""
MAGIC: Final = (
    (b"\x1f\x8b\x08", "gz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (DICTIONARY, "zst"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
)
# The mark of UTF-16-LE begins that of UTF-32-LE.
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How much is given to a decompressor at once: what it makes of it stays below some 64 MB even where
# the file was made to explode (zstd packs 128 KB of zeros in 4 bytes).
BITE: Final = {"gz": 16 << 10, "zst": 2 << 10, "bz2": 16 << 10, "xz": 16 << 10}


class DamagedError(Exception):
    """The bytes end or break here. What came before is good; `offset` and `raw` are of the record cut off."""

    def __init__(self, reason: str, *, offset: int | None = None, raw: bytes = b"") -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset
        self.raw = raw


class Decoder(Protocol):
    """What zlib, bz2, lzma and zstandard have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end of the member or frame was reached."""

    @property
    def unused_data(self) -> bytes:
        """What followed that end."""


def tell_compression(head: bytes) -> str | None:
    """Return how a file that begins with `head` is compressed, None where it is not.

    >>> tell_compression(b"\\x1f\\x8b\\x08\\x00"), tell_compression(b"plain")
    ('gz', None)
    """
    return next((name for magic, name in MAGIC if head.startswith(magic)), None)


def is_local(path: str) -> bool:
    """Tell whether `path` is a file of this machine."""
    return path != "-" and not is_url(path)


def is_url(path: str) -> bool:
    """Tell whether `path` is for fsspec: it has a scheme of two letters or more ("C:\\\\news" has one)."""
    scheme, mark, _ = path.partition("://")
    return bool(mark) and len(scheme) > 1 and scheme.replace("+", "").replace("-", "").isalnum()


@contextmanager
def open_bytes(path: str) -> Iterator[IO[bytes]]:
    """Open a local path, "-" for standard input, or an fsspec URL."""
    if path == "-":
        with nullcontext(sys.stdin.buffer) as stream:
            yield stream
    elif is_url(path):
        import fsspec  # noqa: PLC0415  (costs 40 ms that local runs need not pay)

        with fsspec.open(path, "rb") as stream:
            yield stream
    else:
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123  (paths are text in a plan)
            yield cast("IO[bytes]", stream)


class _Peeked:
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int) -> bytes:
        if self._head:
            out, self._head = self._head[:size], self._head[size:]
            return out
        return self._stream.read(size)


def peek(stream: IO[bytes]) -> tuple[IO[bytes], bytes]:
    """Return the stream as it was, and its first 64 KiB; a pipe may give them in pieces."""
    head = b""
    while len(head) < HEAD and (more := read_bytes(stream, HEAD)):
        head += more
    return cast("IO[bytes]", _Peeked(head, stream)), head


def unpack_head(head: bytes, compression: str | None) -> bytes:
    """Return what the first bytes of a file hold, decompressed as far as they go."""
    if compression is None:
        return head
    try:
        return next(read_blocks(io.BytesIO(head), compression), b"")
    except DamagedError:
        return b""


@contextmanager
def spooled(blocks: Iterator[bytes]) -> Iterator[str]:
    """Write `blocks` to a temporary file and give its path, for formats that must be read out of order."""
    with tempfile.NamedTemporaryFile() as file:
        file.writelines(blocks)
        file.flush()
        yield file.name


def read_blocks(stream: IO[bytes], compression: str | None) -> Iterator[bytes]:
    """Yield the content of `stream` in blocks of about one MiB; DamagedError where it breaks off."""
    if compression is None:
        return _blocks(stream)
    return _gather(_decompress(stream, compression))


def is_wide(head: bytes) -> str | None:
    """Return the encoding of a file whose mark says UTF-16 or UTF-32, None for all others.

    >>> is_wide("text".encode("utf-16")), is_wide(b"text")
    ('utf-16', None)
    """
    return next((name for mark, name in _WIDE if head.startswith(mark)), None)


def as_utf8(blocks: Iterator[bytes], *, recode: bool) -> Iterator[bytes]:
    """Yield `blocks` as they are, or as UTF-8 where a mark says UTF-16 or UTF-32 and `recode` allows it.

    Spreadsheets save "Unicode text" so. Offsets are then those in the UTF-8.
    """
    first = next(blocks, b"")
    encoding = is_wide(first)
    if encoding is None:
        yield first
        yield from blocks
        return
    if not recode:
        reason = f"the file is {encoding.upper()}, not UTF-8; the encoding option auto would read it"
        raise DamagedError(reason, offset=0, raw=first)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in chain((first,), blocks):
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := read_bytes(stream, BLOCK):
        yield block


def read_bytes(stream: IO[bytes], size: int) -> bytes:
    """Return the next bytes of `stream`, at most `size`; DamagedError where it cannot be read on."""
    try:
        return stream.read(size)
    except OSError as error:
        raise DamagedError(f"the file cannot be read on: {error.strerror or error}") from error


def _gather(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield `pieces` joined to blocks; what came before a break comes out before it."""
    held: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size >= BLOCK:
                yield b"".join(held)
                held, size = [], 0
    except DamagedError:
        if held:
            yield b"".join(held)
        raise
    if held:
        yield b"".join(held)


def _decompress(stream: IO[bytes], compression: str) -> Iterator[bytes]:
    """Yield the decompressed content; files of several members or frames are read through."""
    for _, piece in unpack_members(stream, compression):
        yield piece


def unpack_members(stream: IO[bytes], compression: str) -> Iterator[tuple[int, bytes]]:
    """Yield the decompressed pieces, each with the byte of the file at which its member or frame begins."""
    start, feed = codec(compression)
    decoder, member, read = None, 0, 0
    while bite := read_bytes(stream, BITE[compression]):
        read += len(bite)
        while bite:
            if decoder is None:
                bite = bite.lstrip(b"\0")  # tape blocks are padded with zeros
                if not bite:
                    break
                decoder, member = start(), read - len(bite)
            for piece in feed(decoder, bite):
                yield member, piece
            bite = decoder.unused_data if decoder.eof else b""
            if decoder.eof:
                decoder = None
    if decoder is not None:
        raise DamagedError(f"the {compression} data are cut off before their end")


def skip(blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield `blocks` without their first `size` bytes.

    >>> b"".join(skip(iter([b"one", b"two"]), 4))
    b'wo'
    """
    for block in blocks:
        if size < len(block):
            yield block[size:] if size else block
        size = max(0, size - len(block))


def codec(compression: str) -> tuple[Callable[[], Decoder], Callable[[Decoder, bytes], Iterator[bytes]]]:
    """Return what starts a decompressor, and what feeds it with a bite and yields what comes out."""
    if compression == "gz":
        return lambda: zlib.decompressobj(31), _feed_zlib
    if compression == "bz2":
        return bz2.BZ2Decompressor, _feed_bounded
    if compression == "xz":
        return lzma.LZMADecompressor, _feed_bounded
    return start_zstd(), _feed_zstd


def start_zstd(dictionary: bytes | None = None) -> Callable[[], Decoder]:
    """Return what starts a decompressor of zst, with the dictionary the frames were compressed by."""
    import zstandard  # noqa: PLC0415

    given = None if dictionary is None else zstandard.ZstdCompressionDict(dictionary)
    return lambda: zstandard.ZstdDecompressor(dict_data=given).decompressobj()


def _feed_zlib(decoder: Decoder, bite: bytes) -> Iterator[bytes]:
    """Yield what `bite` holds; where it is damaged, everything up to the damage comes out first."""
    inflate = cast("zlib._Decompress", decoder)  # noqa: SLF001  (typeshed names it so)
    before = inflate.copy()
    try:
        out = inflate.decompress(bite)
    except zlib.error as error:
        yield from _salvage(before, bite)
        raise DamagedError(f"the gz data are damaged: {error}") from error
    yield out


def _salvage(inflate: zlib._Decompress, bite: bytes) -> Iterator[bytes]:
    try:
        for i in range(len(bite)):
            yield inflate.decompress(bite[i : i + 1])
    except zlib.error:
        return


def _feed_bounded(decoder: Decoder, bite: bytes) -> Iterator[bytes]:
    opened = cast("bz2.BZ2Decompressor", decoder)
    try:
        yield opened.decompress(bite, BLOCK)
        while not (opened.eof or opened.needs_input):
            yield opened.decompress(b"", BLOCK)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise DamagedError(f"the compressed data are damaged: {error}") from error


def _feed_zstd(decoder: Decoder, bite: bytes) -> Iterator[bytes]:
    import zstandard  # noqa: PLC0415

    try:
        yield cast("zstandard.ZstdDecompressionObj", decoder).decompress(bite)
    except zstandard.ZstdError as error:
        raise DamagedError(f"the zst data are damaged: {error}") from error
