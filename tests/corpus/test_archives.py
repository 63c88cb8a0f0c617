"""Web archives: pages come out with what the archive knows of them; damage costs the damaged record alone."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.plan import InputFile, Part, plan
from corpus.readers import Drop, ReadOptions, Record, Reject, read
from corpus.readers.streams import tell_compression

PACKERS = {"gz": gzip.compress, "zst": zstandard.ZstdCompressor().compress, "plain": bytes}


def http(payload, *headers, status="200 OK"):
    """Return an HTTP response; of headers that come twice the first counts."""
    lines = [f"HTTP/1.1 {status}", *headers, "Content-Type: text/html; charset=utf-8"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


def warc(block, *headers, kind="response", url="https://ellery.example/one", length=None, ends=b"\r\n"):
    media = {"response": "application/http; msgtype=response", "conversion": "text/plain"}.get(kind)
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        "WARC-Record-ID: <urn:uuid:0a183026-0000-4000-8000-1d59036ba6b7>",
        "WARC-Date: 2021-03-04T05:06:07Z",
        *([f"Content-Type: {media}"] if media else []),
        *headers,
        f"Content-Length: {len(block) if length is None else length}",
    ]
    return ends.join(line.encode() for line in lines) + ends * 2 + block + b"\r\n\r\n"


def page(i):
    return f"<p>Page {i} of the Port Ellery Gazette. {hashlib.sha512(str(i).encode()).hexdigest()}</p>".encode()


def record(i):
    return warc(http(page(i)), url=f"https://ellery.example/{i}")


def read_bytes(raw, name="a.warc", **options):
    """Read an archive as a pipe would give it."""
    stream = io.BytesIO(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.TextIOWrapper(stream))
        return list(read(Part(InputFile("-", name, "warc")), ReadOptions(**options)))


def bodies(found):
    return [one.body for one in found if isinstance(one, Record)]


def pages(*numbers):
    return [page(i).decode() for i in numbers]


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_pages_come_with_their_address_and_place(pack, tmp_path):
    members = [pack(record(i)) for i in range(3)]
    (tmp_path / "news.bin").write_bytes(b"".join(members))
    (file,) = plan([str(tmp_path)]).files
    assert file.format == "warc"
    found = list(read(Part(file)))
    assert bodies(found) == pages(0, 1, 2)
    last = found[2]
    assert last.source == f"news.bin#record={len(members[0]) + len(members[1])}"
    assert last.fields == {"url": "https://ellery.example/2"}
    assert last.extra["warc_date"] == "2021-03-04T05:06:07Z"
    assert (last.form, last.raw, last.media_type) == ("html", page(2), "text/html")
    assert last.record_sha256 == hashlib.sha256(page(2)).hexdigest()


def test_an_archive_compressed_as_a_whole_places_records_within_its_member():
    found = read_bytes(gzip.compress(record(0) + record(1)))
    assert [one.source for one in found] == ["a.warc#record=0", f"a.warc#record=0+{len(record(0))}"]
    assert bodies(found) == pages(0, 1)


def test_what_holds_no_page_is_dropped_with_the_reason():
    raw = (
        warc(b"software: x\r\n", kind="warcinfo")
        + warc(b"GET / HTTP/1.1\r\n\r\n", kind="request")
        + warc(http(b"\x89PNG", "Content-Type: image/png"))
        + warc(http(b"<p>gone", status="404 Not Found"))
        + warc(http(b""))
        + warc(b"HTTP/1.1 200 OK\r\n\r\nnothing said")
        + warc(b"plain", "Content-Type: text/plain", kind="resource")
    )
    found = read_bytes(raw)
    assert all(isinstance(one, Drop) for one in found)
    assert [one.reason for one in found] == [
        "WARC record of type warcinfo, not a page",
        "WARC record of type request, not a page",
        "image/png, not HTML",
        "HTTP status 404",
        "no payload",
        "no content type, and no HTML by its content",
        "text/plain, not HTML",
    ]


def test_wet_records_are_texts():
    raw = warc(b"Ein Text.\r\nZwei Zeilen.", "WARC-Identified-Content-Language: deu", kind="conversion")
    (one,) = read_bytes(gzip.compress(raw))
    assert (one.form, one.body, one.raw) == ("text", "Ein Text.\nZwei Zeilen.", None)
    assert one.extra["warc_language"] == "deu"


@pytest.mark.parametrize(
    ("payload", "headers"),
    [
        (gzip.compress(page(1)), ["Content-Encoding: gzip"]),
        (zlib.compress(page(1)), ["Content-Encoding: deflate"]),
        (brotli.compress(page(1)), ["Content-Encoding: br"]),
        (
            b"5\r\n" + page(1)[:5] + b"\r\n%x\r\n" % len(page(1)[5:]) + page(1)[5:] + b"\r\n0\r\n\r\n",
            ["Transfer-Encoding: chunked"],
        ),
        (b"<html>" + page(1), ["Transfer-Encoding: chunked"]),
        (b"<html>" + page(1), ["Content-Encoding: gzip"]),
        (gzip.compress(b"<html>" + page(1)), ["Content-Encoding: gzip", "Transfer-Encoding: chunked"]),
    ],
    ids=["gzip", "deflate", "brotli", "chunked", "no chunks", "no gzip", "gzip without chunks"],
)
def test_chunks_and_compression_are_undone_also_where_the_headers_lie(payload, headers):
    (one,) = read_bytes(warc(http(payload, *headers)))
    assert one.body.removeprefix("<html>") == page(1).decode()


@pytest.mark.parametrize(
    ("payload", "header", "encoding"),
    [
        ("<p>Порт Эллери".encode("koi8-r"), "Content-Type: text/html; charset=KOI8-R", "koi8-r"),
        ("<meta charset=koi8-r><p>Порт Эллери".encode("koi8-r"), "Content-Type: text/html", "koi8-r"),
        ("<p>Порт Эллери".encode(), "Content-Type: text/html; charset=iso-8859-1", "utf-8"),
    ],
)
def test_the_encoding_is_read_from_header_meta_and_content(payload, header, encoding):
    (one,) = read_bytes(warc(http(payload, header)))
    assert one.encoding == encoding
    assert one.body.endswith("<p>Порт Эллери")


def test_old_writers_quirks_are_read():
    """LF line ends, an address in angle brackets, an unparsable date, a missing content type."""
    block = b"HTTP/1.0 200 OK\nServer: x\n\n<html>" + page(4)
    raw = warc(block, "WARC-Date: 2008-10-294T05:21:46-0700", url="<https://ellery.example/4>", ends=b"\n")
    (one,) = read_bytes(raw)
    assert one.fields == {"url": "https://ellery.example/4"}
    assert one.body.endswith(page(4).decode())


def test_a_record_within_a_page_is_part_of_it():
    inner = b"<pre>" + warc(http(b"<p>inner"))
    assert [one.raw for one in read_bytes(record(0) + warc(http(inner)) + record(1))] == [page(0), inner, page(1)]


def test_a_record_spread_over_members_is_put_together():
    raw = record(1)
    assert bodies(read_bytes(gzip.compress(raw[:400]) + gzip.compress(raw[400:]) + gzip.compress(record(2)))) == pages(
        1, 2
    )


@pytest.mark.parametrize("packed", [False, True])
def test_a_zst_archive_may_bring_its_dictionary(packed, tmp_path):
    """As web archives do: a frame that others skip holds it, compressed or not."""
    dictionary = zstandard.train_dictionary(3_000, [record(i) for i in range(400)])
    raw = dictionary.as_bytes()
    raw = zstandard.compress(raw) if packed else raw
    frames = [zstandard.ZstdCompressor(dict_data=dictionary).compress(record(i)) for i in range(6)]
    path = tmp_path / "n.warc.zst"
    path.write_bytes(b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw + b"".join(frames))
    for task_bytes in (1 << 20, 2_000):
        parts = [part for task in plan([str(path)], task_bytes=task_bytes).tasks for part in task.parts]
        assert bodies(one for part in parts for one in read(part)) == pages(*range(6))
    assert len(parts) > 2


DAMAGES = {
    "length too large": lambda pack: pack(warc(http(page(9)), length=9_999)),
    "length too small": lambda pack: pack(warc(http(page(9)), length=99)),
    "no archive": lambda pack: pack(b"neither WARC nor anything else\r\n"),
    "headers cut": lambda pack: pack(b"WARC/1.1\r\nWARC-Type: response\r\n"),
    "payload cut": lambda pack: pack(record(9)[:450]),
}


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_wrong_record_is_lost_alone(damage, pack):
    members = [pack(record(0)), damage(pack), pack(record(1)), pack(record(2))]
    found = read_bytes(b"".join(members))
    assert bodies(found) == pages(0, 1, 2)
    lost = [one for one in found if isinstance(one, Reject)]
    assert len(lost) == 1
    assert lost[0].raw


@pytest.mark.parametrize("kind", ["gz", "zst"])
@pytest.mark.parametrize("at", ["magic", "header", "middle", "end"])
def test_broken_bytes_in_a_member_cost_that_member(kind, at):
    members = [PACKERS[kind](record(i)) for i in range(6)]
    broken = bytearray(members[2])
    start = {"magic": 0, "header": 3, "middle": len(broken) // 2, "end": len(broken) - 6}[at]
    broken[start : start + 4] = bytes(0x55 ^ b for b in broken[start : start + 4])
    found = read_bytes(b"".join([*members[:2], bytes(broken), *members[3:]]))
    if kind == "zst" and at in ("middle", "end"):  # without a checksum, a changed letter is no damage to zstd
        assert bodies(found)[-3:] == pages(3, 4, 5)
    else:
        assert bodies(found) == pages(0, 1, 3, 4, 5)
        assert [type(one) for one in found].count(Reject) == 1


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_an_archive_that_is_cut_off_loses_its_last_record(pack):
    raw = b"".join(pack(record(i)) for i in range(3))
    found = read_bytes(raw[:-60])
    assert bodies(found) == pages(0, 1)
    assert [one.reason for one in found[2:]] == [found[2].reason]
    assert "cut off" in found[2].reason or "breaks off" in found[2].reason


def test_junk_after_the_archive_is_one_reject():
    found = read_bytes(gzip.compress(record(0)) + b"\0" * 512 + b"junk at the end" * 9)
    assert bodies(found) == pages(0)
    assert len(found) == 2


def test_records_over_the_limit_are_dropped_if_no_page_and_rejected_if_one():
    film = warc(http(b"\x01" * 5_000, "Content-Type: video/mp4"))
    found = read_bytes(record(0) + film + warc(http(b"x" * 5_000)) + record(1), max_record_bytes=2_000)
    assert bodies(found) == pages(0, 1)
    assert found[1].reason == "video/mp4, not HTML"
    assert "more than the 2,000 allowed" in found[2].reason
    assert found[2].raw_size > 5_000


def test_memory_stays_bounded_where_a_member_explodes(tmp_path):
    """A member of 1 GB of zeros, and a page after it."""
    import tracemalloc

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    member = (
        packer.compress(warc(http(b""))[:-4]) + b"".join(packer.compress(zeros) for _ in range(256)) + packer.flush()
    )
    path = Path(tmp_path / "bomb.warc.gz")
    path.write_bytes(member + gzip.compress(record(1)))
    tracemalloc.start()
    found = list(read(Part(InputFile(str(path), "b", "warc")), ReadOptions(max_record_bytes=4 << 20)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bodies(found) == pages(1)
    assert found[0].raw_size > 256 << 20
    assert peak < 100 << 20


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_damage_to_one_member_leaves_the_others(data):
    members = [gzip.compress(record(i)) for i in range(5)]
    hit = data.draw(st.integers(0, 4))
    start = data.draw(st.integers(0, len(members[hit]) - 1))
    rubble = data.draw(st.binary(max_size=30))
    end = data.draw(st.integers(start, len(members[hit])))
    broken = members[hit][:start] + rubble + members[hit][end:]
    assume(hit or tell_compression(broken) in ("gz", None))  # else the archive looks like a bz2 file
    found = read_bytes(b"".join([*members[:hit], broken, *members[hit + 1 :]]), name="a.warc.gz")
    others = pages(*(i for i in range(5) if i != hit))
    assert [body for body in bodies(found) if body != page(hit).decode()] == others


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"WARC/1.0\r\n", b"WARC/1.1\r\nContent-Length: 99\r\n\r\n", b"\x1f\x8b\x08"]),
)
def test_no_bytes_raise(raw, head):
    assert all(isinstance(one, Record | Reject | Drop) for one in read_bytes(head + raw))


def test_archives_do_not_depend_on_the_blocks_they_come_in(monkeypatch):
    raw = b"".join(record(i) for i in range(4))
    whole = read_bytes(raw)
    for size in (7, 33, 1_000):
        monkeypatch.setattr("corpus.readers.streams.BLOCK", size)
        assert read_bytes(raw) == whole
