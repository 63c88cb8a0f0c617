"""The values of one JSON file: objects one after the other, pretty-printed or not, or the items of an array."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from corpus.readers.lines import Cut, Held
from corpus.readers.streams import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Value = tuple[int, bytes, Cut | None]

_INSIDE: Final = re.compile(rb'["\\]')
_OUTSIDE: Final = re.compile(rb'["{}\[\],]')
_OPENER: Final = {b"}": b"{", b"]": b"["}
# Deeper than any parser reads; what lies below is broken and need not be told apart.
_DEPTH: Final = 2_000


def split_values(blocks: Iterable[bytes], *, limit: int) -> Iterator[Value]:
    """Yield (offset, value, None) for each top-level value; one over `limit` bytes comes with a Cut.

    >>> [raw for _, raw, _ in split_values([b'[{"a": "}"}, 3', b', {"b":\\n [1]}]'], limit=99)]
    [b'{"a": "}"}', b'3', b'{"b":\\n [1]}']

    A value with a bracket too few or too many ends where the brackets around it say so. An array that does
    not end is damage.
    """
    splitter = _Splitter(limit)
    try:
        for block in blocks:
            yield from splitter.feed(block)
    except DamagedError as damage:
        raise DamagedError(damage.reason, offset=splitter.start, raw=splitter.held.take()[0]) from damage
    if splitter.array:
        reason = "the JSON array does not end: the file was cut off"
        raise DamagedError(reason, offset=splitter.start, raw=splitter.held.take()[0])
    yield from splitter.emit(b"", splitter.offset)


class _Splitter:
    def __init__(self, limit: int) -> None:
        self.held = Held(limit)
        self.offset = 0  # of the block in hand
        self.start = 0  # of the value in hand
        self.array = False
        self._stack = bytearray()
        self._quoted = False
        self._escaped = False

    def feed(self, block: bytes) -> Iterator[Value]:
        """Yield the values that end in `block`, keep the rest."""
        mark = i = 0
        while i < len(block):
            if self._escaped:
                self._escaped = False
                i += 1
                continue
            found = (_INSIDE if self._quoted else _OUTSIDE).search(block, i)
            if found is None:
                break
            i = found.end()
            edge = self._step(found[0], i)
            if edge is not None:
                yield from self.emit(block[mark:edge], self.offset + i)
                mark = edge if self._stack[int(self.array) :] else i  # an opening bracket belongs to its value
                self.start = self.offset + mark
        self.held.add(block[mark:])
        self.offset += len(block)

    def emit(self, piece: bytes, end: int) -> Iterator[Value]:
        """Yield the value in hand, which ends with `piece`, unless it is blank."""
        self.held.add(piece)
        raw, cut = self.held.take()
        bare = raw.lstrip()
        if bare:
            yield self.start + len(raw) - len(bare), bare.rstrip() if cut is None else raw, cut
        self.start = end

    def _step(self, sign: bytes, i: int) -> int | None:
        """Take in one sign, which ends at `i`; return where the value in hand ends, None where it goes on."""
        if sign == b"\\":
            self._escaped = True
        elif sign == b'"':
            self._quoted = not self._quoted
        elif sign in b"{[":
            return self._open(sign, i)
        elif sign == b",":
            return i - 1 if len(self._stack) == self.array else None
        else:
            return self._close(sign, i)
        return None

    def _open(self, sign: bytes, i: int) -> int | None:
        outermost = len(self._stack) == self.array
        if len(self._stack) < 1 << 20:
            self._stack += sign
        if outermost and not self.array and sign == b"[":
            self.array = True
        return i - 1 if outermost else None

    def _close(self, sign: bytes, i: int) -> int | None:
        opener = self._stack.rfind(_OPENER[sign], max(0, len(self._stack) - _DEPTH))
        if opener < 0:
            return None
        del self._stack[opener:]
        if not self._stack and self.array:
            self.array = False
            return i - 1
        return i if len(self._stack) == self.array else None
