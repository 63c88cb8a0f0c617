"""Blocks into lines with their byte offsets, in bounded memory whatever the length of a line."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.readers.record import KEPT_BYTES
from corpus.readers.streams import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Cut:
    """A line longer than allowed: only its first MiB was kept, with the hash and size of all of it."""

    size: int
    sha256: str


class Held:
    """Bytes of a record that goes on in the next block: at most `limit` of them, then only their hash."""

    __slots__ = ("_digest", "_kept", "_limit", "_parts", "size")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._clear()

    def _clear(self) -> None:
        self._parts: list[bytes] = []
        self._digest: hashlib._Hash | None = None
        self._kept = 0
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Take in the next bytes of the record."""
        self.size += len(piece)
        if self._digest is not None:
            self._digest.update(piece)
            piece = piece[: max(0, KEPT_BYTES - self._kept)]
            self._kept += len(piece)
        if piece:
            self._parts.append(piece)
        if self.size > self._limit and self._digest is None:
            whole = b"".join(self._parts)
            self._digest = hashlib.sha256(whole)
            self._parts = [whole[:KEPT_BYTES]]
            self._kept = len(self._parts[0])

    def take(self) -> tuple[bytes, Cut | None]:
        """Return the record (or its first MiB, with the Cut) and be empty again."""
        raw = b"".join(self._parts)
        cut = Cut(self.size, self._digest.hexdigest()) if self._digest is not None else None
        self._clear()
        return raw, cut


def split_lines(blocks: Iterable[bytes], *, limit: int, offset: int = 0) -> Iterator[tuple[int, bytes, Cut | None]]:
    r"""Yield (offset, line, None) for each line, without its LF; a line over `limit` bytes comes with a Cut.

    >>> list(split_lines([b"one\ntw", b"o\n\nlast"], limit=100))
    [(0, b'one', None), (4, b'two', None), (8, b'', None), (9, b'last', None)]
    >>> list(split_lines([b"too lo", b"ng\nshort"], limit=6))[0][2].size
    8

    A break in the blocks is raised on with the offset and the bytes of the line it cuts.
    """
    held = Held(limit)
    try:
        for block in blocks:
            first, *lines = block.split(b"\n")
            held.add(first)
            if not lines:
                continue
            size = held.size
            yield (offset, *held.take())
            offset += size + 1
            last = lines.pop()
            for line in lines:  # whole lines of this block: nearly all there are
                yield (offset, line, None) if len(line) <= limit else (offset, *_cut(line))
                offset += len(line) + 1
            held.add(last)
    except DamagedError as damage:
        raw, _ = held.take()
        raise DamagedError(damage.reason, offset=offset, raw=raw or damage.raw) from damage
    if held.size:
        yield (offset, *held.take())


def _cut(line: bytes) -> tuple[bytes, Cut]:
    return line[:KEPT_BYTES], Cut(len(line), hashlib.sha256(line).hexdigest())
