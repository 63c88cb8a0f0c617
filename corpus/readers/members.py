"""Compressed archives member by member: a damaged one is lost alone, the next is found by its first bytes."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from corpus.readers.streams import BITE, DICTIONARY, MAGIC, DamagedError, codec, read_bytes, start_zstd

if TYPE_CHECKING:
    from collections.abc import Iterator

# A member must begin with this, else magic bytes found in the rubble stand there by chance.
_PROOF: Final = b"WARC/"
_PROBE: Final = 4 << 10
# How much of a damaged member is looked through again for the beginning of the next one.
_WINDOW: Final = 64 << 20


class Members:
    """The members of a gz or the frames of a zst file: `for offset, blocks in Members(stream, "gz")`.

    `offset` counts in the compressed file. `blocks` must be read before the next member is asked for; it
    raises DamagedError where the member breaks off, and what comes next is then the next whole member.

    A range begins with the first member from `start` on that begins as an archive's record does, and goes on
    up to the first such member from `end` on: ranges leave nothing out. zst archives may begin with a
    dictionary for all frames, in a frame of its own that other readers skip.
    """

    def __init__(self, stream: IO[bytes], compression: str, *, start: int = 0, end: int | None = None) -> None:
        self._stream = stream
        self._magic = next(magic for magic, name in MAGIC if name == compression)
        self._start, self._feed = codec(compression)
        self._bite = BITE[compression]
        self._compression = compression
        self._ahead = b""  # read already, not used
        self._at = 0  # where `_ahead` begins in the file
        self._end = end
        self._lost = start > 0
        if compression == "zst":
            self._read_dictionary()
        if start:
            stream.seek(start)
            self._ahead, self._at = b"", start

    def __iter__(self) -> Iterator[tuple[int, Iterator[bytes]]]:
        while self._find_start():
            if self._end is not None and self._at >= self._end and self._proves():
                return
            yield self._at, self._blocks()

    def _read_dictionary(self) -> None:
        self._fill(8)
        if not self._ahead.startswith(DICTIONARY):
            return
        size = int.from_bytes(self._ahead[4:8], "little")
        self._fill(8 + min(size, _WINDOW))
        raw = self._ahead[8 : 8 + size]
        self._skip(8 + size)
        if raw.startswith(self._magic):
            raw = b"".join(self._feed(self._start(), raw))
        self._start = start_zstd(raw)

    def _fill(self, size: int) -> bool:
        """Read until `size` bytes lie ahead; tell whether there are any."""
        while len(self._ahead) < size and (more := read_bytes(self._stream, max(size, self._bite))):
            self._ahead += more
        return bool(self._ahead)

    def _skip(self, size: int) -> None:
        self._ahead = self._ahead[size:]
        self._at += size

    def _find_start(self) -> bool:
        """Go to where the next member begins; tell whether there is one."""
        while self._fill(_PROBE):
            if not self._lost:
                padding = len(self._ahead) - len(self._ahead.lstrip(b"\0"))
                self._skip(padding)
                if padding == 0:
                    return True
                continue
            found = self._ahead.find(self._magic)
            if found < 0:
                self._skip(max(1, len(self._ahead) - len(self._magic) + 1))
                continue
            self._skip(found)
            self._fill(_PROBE)
            if self._proves():
                self._lost = False
                return True
            self._skip(1)
        return False

    def _proves(self) -> bool:
        try:
            opened = b"".join(self._feed(self._start(), self._ahead[:_PROBE]))
        except DamagedError:
            return False
        return opened.startswith(_PROOF)

    def _blocks(self) -> Iterator[bytes]:
        """Yield the content of the member ahead, and stand behind it; where it is damaged, one byte behind its start."""
        start, used = self._at, bytearray()
        try:
            yield from self._unpack(used)
        except DamagedError:
            self._lost = True
            if start + len(used) == self._at:
                self._ahead = bytes(used[1:]) + self._ahead
                self._at = start + 1
            raise

    def _unpack(self, used: bytearray) -> Iterator[bytes]:
        """Yield the content of the member ahead, and note in `used` what was read for it."""
        decoder = self._start()
        while self._fill(1):
            bite = self._ahead[: self._bite]
            self._skip(len(bite))
            if len(used) < _WINDOW:
                used += bite
            yield from self._feed(decoder, bite)
            if decoder.eof:
                left = len(decoder.unused_data)
                self._ahead = bite[len(bite) - left :] + self._ahead
                self._at -= left
                return
        raise DamagedError(f"the {self._compression} data are cut off before their end")
