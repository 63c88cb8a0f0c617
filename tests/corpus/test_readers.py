"""Every input record comes out once: as a Record, or as a Reject or Drop that says where and why."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import tracemalloc
from pathlib import Path

import polars as pl
import pytest
import zstandard

from corpus.plan import InputFile, Part, plan
from corpus.readers import KEPT_BYTES, Drop, ReadOptions, Record, Reject, read

CASES = json.loads((Path(__file__).parents[1] / "cases" / "readers.json").read_text(encoding="utf-8"))
STORY = {
    "id": "s1",
    "text": "The harbour of Port Ellery reopened on Monday.",
    "site": "ellery.example",
    "desk": "shipping",
}


def read_all(path, options=None, **planned):
    made = plan([str(path)], **planned)
    return [found for task in made.tasks for part in task.parts for found in read(part, options)]


def bodies(found):
    return [one.body for one in found if isinstance(one, Record)]


def rejects(found):
    return [one for one in found if isinstance(one, Reject)]


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def lines(*values):
    return b"".join(json.dumps(v, ensure_ascii=False).encode() + b"\n" for v in values)


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case, tmp_path):
    """Each line of tests/cases/readers.json: a file's content, what comes out, and what is said of the rest."""
    content = case["content"].encode(case.get("as", "utf-8"), "surrogateescape")
    found = read_all(write(tmp_path, case["name"], content), ReadOptions(**case.get("options", {})))
    assert bodies(found) == case["bodies"]
    said = [(one.record, one.reason) for one in found if not isinstance(one, Record)]
    assert len(said) == len(case["rejected"])
    for (record, reason), (place, words) in zip(said, case["rejected"], strict=True):
        assert record == place
        assert words in reason


def test_a_record_says_where_it_stood_and_keeps_every_field(tmp_path):
    raw = lines({"text": "First."}, STORY)
    record = read_all(write(tmp_path, "news.jsonl", raw))[1]
    assert record.source == "news.jsonl#byte=19"
    assert record.fields == {"id": "s1", "site": "ellery.example"}
    assert record.extra == {"desk": "shipping"}
    assert record.record_sha256 == hashlib.sha256(raw[19:-1]).hexdigest()
    assert (record.form, record.raw, record.encoding, record.encoding_exact) == ("text", None, "utf-8", None)


def test_a_reject_keeps_its_bytes_and_says_where_they_were(tmp_path):
    found = read_all(write(tmp_path, "news.jsonl", lines(STORY) + b'{"text": "cut\n' + lines(STORY)))
    (lost,) = rejects(found)
    offset = len(lines(STORY))
    assert (lost.file, lost.record, lost.byte_offset) == ("news.jsonl", f"byte={offset}", offset)
    assert lost.raw == b'{"text": "cut'
    assert lost.raw_sha256 == hashlib.sha256(lost.raw).hexdigest()
    assert str(lost).startswith(f"news.jsonl#byte={offset}: broken JSON at character ")
    assert lost.kind.startswith("broken JSON at character N of the record: ")


def test_a_text_file_is_one_document_and_never_rejected_for_its_bytes(tmp_path):
    (record,) = read_all(write(tmp_path, "café.txt", "Déjà vu à Ellery ?\r\nLe port a rouvert".encode("utf-16")))
    assert (record.source, record.body, record.form) == ("café.txt", "Déjà vu à Ellery ?\nLe port a rouvert", "text")
    assert (record.newline, record.encoding_exact) == ("\r\n", True)
    assert isinstance(read_all(write(tmp_path, "noise.txt", bytes(range(256))))[0], Record)


def test_html_is_opened_later_and_its_bytes_travel_along(tmp_path):
    raw = '<meta charset="koi8-r"><p>Порт'.encode("koi8-r")
    (record,) = read_all(write(tmp_path, "page.html", raw))
    assert (record.form, record.media_type, record.raw) == ("html", "text/html", raw)
    assert record.body.endswith("<p>Порт")


def test_html_in_a_record_is_read_where_there_is_no_text(tmp_path):
    path = write(
        tmp_path, "p.jsonl", lines({"html": "<p>One"}, {"html": "<p>Two", "text": None}, {"html": "x", "text": "Three"})
    )
    found = read_all(path)
    assert [(r.form, r.body) for r in found] == [("html", "<p>One"), ("html", "<p>Two"), ("text", "Three")]
    assert found[0].raw == b"<p>One"
    assert found[2].extra == {"html": "x"}


def test_decode_all_takes_every_file_for_one_text_save_containers(tmp_path):
    write(tmp_path, "a.jsonl", lines(STORY))
    write(tmp_path, "b.html", "<p>Page")
    write(tmp_path, "c.bin", b"\x00\x01")
    pl.DataFrame({"text": ["Row."]}).write_parquet(tmp_path / "d.parquet")
    found = read_all(tmp_path, ReadOptions(decode_all=True), decode_all=True)
    assert [r.form for r in found] == ["text"] * 4
    assert bodies(found)[1:] == ["<p>Page", "\x00\x01", "Row."]


COMPRESSORS = {
    "gz": gzip.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("kind", COMPRESSORS)
@pytest.mark.parametrize("suffix", ["named", "unnamed"])
def test_compressed_files_are_told_by_their_first_bytes_and_read_over_all_members(kind, suffix, tmp_path):
    pack = COMPRESSORS[kind]
    raw = pack(lines(STORY, STORY)) + pack(lines(STORY))
    found = read_all(write(tmp_path, f"n.jsonl.{kind}" if suffix == "named" else "n.jsonl", raw))
    assert bodies(found) == [STORY["text"]] * 3
    assert found[2].source.endswith(f"#byte={2 * len(lines(STORY))}")


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_a_truncated_file_loses_its_tail_as_one_reject(kind, tmp_path):
    """500 stories of which no two are alike; half of the bytes: what can be unpacked comes out."""
    stories = [{"text": hashlib.sha512(str(i).encode()).hexdigest() * 20} for i in range(500)]
    whole = b"".join(COMPRESSORS[kind](lines(*stories[i : i + 50])) for i in range(0, 500, 50))
    found = read_all(write(tmp_path, f"n.jsonl.{kind}", whole[: len(whole) // 2 + 99]))
    (lost,) = rejects(found)
    assert found[-1] is lost
    assert 200 <= len(found) - 1 <= 260
    assert bodies(found) == [s["text"] for s in stories[: len(found) - 1]]
    assert "cut off" in lost.reason
    assert lost.byte_offset == len(lines(*stories[: len(found) - 1]))


@pytest.mark.parametrize("kind", ["gz", "zst", "bz2", "xz"])
def test_damage_within_a_compressed_file_costs_what_comes_after_it(kind, tmp_path):
    stories = [{"text": hashlib.sha512(str(i).encode()).hexdigest() * 20} for i in range(100)]
    members = [COMPRESSORS[kind](lines(*stories[i : i + 10])) for i in range(0, 100, 10)]
    broken = bytearray(b"".join(members))
    broken[sum(map(len, members[:5])) + 2] ^= 0xFF
    found = read_all(write(tmp_path, "n.jsonl", bytes(broken)))
    assert bodies(found) == [s["text"] for s in stories[:50]]
    assert len(rejects(found)) == 1


def test_a_wrong_checksum_is_said_after_all_records_came_out(tmp_path):
    broken = bytearray(gzip.compress(lines(*[STORY] * 9)))
    broken[-5] ^= 1
    found = read_all(write(tmp_path, "n.jsonl.gz", bytes(broken)))
    assert len(bodies(found)) == 9
    assert "incorrect" in rejects(found)[0].reason


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.json", "a.csv", "a.unknown", "a.jsonl.gz"])
def test_an_empty_file_holds_no_record_and_is_no_error(name, tmp_path):
    made = plan([str(write(tmp_path, name, b""))])
    assert [found for task in made.tasks for part in task.parts for found in read(part)] == []
    assert made.notes == (f"{name}: the file is empty; it holds no record",)


def test_a_line_of_100_mb_is_skipped_in_bounded_memory(tmp_path):
    """Its first MiB is kept, with the hash of all of it; the lines around it come out."""
    path = tmp_path / "long.jsonl"
    digest = hashlib.sha256()
    with path.open("wb") as out:
        out.write(lines(STORY))
        for _ in range(100):
            out.write(b"x" * (1 << 20))
            digest.update(b"x" * (1 << 20))
        out.write(b"\n" + lines(STORY))
    tracemalloc.start()
    found = read_all(path, ReadOptions(max_record_bytes=8 << 20))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    (lost,) = rejects(found)
    assert len(bodies(found)) == 2
    assert (lost.raw_size, len(lost.raw), lost.raw_sha256) == (100 << 20, KEPT_BYTES, digest.hexdigest())
    assert "104,857,600 bytes" in lost.reason
    assert peak < 40 << 20


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.csv", "a.jsonl", "a.html"])
def test_whatever_the_format_a_record_over_the_limit_is_rejected_with_its_size(name, tmp_path):
    found = read_all(write(tmp_path, name, b"text\n" + b'"' + b"y" * 5_000), ReadOptions(max_record_bytes=1_000))
    assert len(rejects(found)) >= 1
    assert not [b for b in bodies(found) if len(b) > 1_000]


def test_csv_rows_of_many_lines_keep_their_place(tmp_path):
    raw = b'id,text,desk\r\n1,"One ""word"".\r\nTwo.",a\r\n2,"Three, four.",\r\n'
    found = read_all(write(tmp_path, "n.csv", raw))
    assert bodies(found) == ['One "word".\nTwo.', "Three, four."]
    assert found[0].source == "n.csv#byte=14"
    assert (found[0].fields, found[0].extra, found[0].newline) == ({"id": "1"}, {"desk": "a"}, "\r\n")
    end = raw.index(b"\r\n2,")
    assert found[0].record_sha256 == hashlib.sha256(raw[14:end]).hexdigest()


def test_parquet_rows_with_dates_bytes_and_lists(tmp_path):
    frame = pl.DataFrame(
        {
            "text": ["One.\r\nTwo.", None, "Three."],
            "date": [None, None, "2021-03-04T05:06:07"],
            "tags": [["a", "b"], [], None],
            "thumb": [b"\x01", None, b""],
        }
    ).with_columns(pl.col("date").str.to_datetime())
    frame.write_parquet(tmp_path / "n.parquet")
    first, second, third = read_all(tmp_path / "n.parquet")
    assert (first.source, first.body, first.newline) == ("n.parquet#row=0", "One.\nTwo.", "\r\n")
    assert first.fields["tags"] == ["a", "b"]
    assert third.fields["date"] == "2021-03-04T05:06:07"
    assert (second.record, second.reason) == ("row=1", "text is null")
    json.dumps([first.extra, third.extra])


def test_parquet_is_told_by_its_first_bytes_also_when_compressed(tmp_path):
    buffer = io.BytesIO()
    pl.DataFrame({"html": [b"<meta charset=latin-1><p>caf\xe9"]}).write_parquet(buffer)
    plain = read_all(write(tmp_path, "data.txt", buffer.getvalue()))
    packed = read_all(write(tmp_path, "more.gz", gzip.compress(buffer.getvalue())))
    assert bodies(plain) == bodies(packed) == ["<meta charset=latin-1><p>café"]
    assert plain[0].form == "html"


def test_parquet_without_text_or_with_a_broken_footer_is_one_reject(tmp_path):
    pl.DataFrame({"headline": ["One."]}).write_parquet(tmp_path / "a.parquet")
    write(tmp_path, "b.parquet", (tmp_path / "a.parquet").read_bytes()[:-9])
    first, second = read_all(tmp_path)
    assert first.reason == "no column is called text or html; there are headline"
    assert second.reason.startswith("the Parquet file cannot be opened: ")


def test_damaged_parquet_pages_cost_the_rows_they_held(tmp_path):
    texts = [hashlib.sha512(str(i).encode()).hexdigest() * 8 for i in range(4_000)]
    path = tmp_path / "n.parquet"
    pl.DataFrame({"text": texts}).write_parquet(path, row_group_size=1_000, compression="zstd")
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 3_000] = bytes(3_000)
    path.write_bytes(bytes(raw))
    found = read_all(path)
    assert len(found) == 4_000
    assert 0 < len(rejects(found)) <= 1_000
    for i, one in enumerate(found):
        assert one.body == texts[i] if isinstance(one, Record) else one.record == f"row={i}"


def test_parquet_rows_can_be_read_in_ranges(tmp_path):
    pl.DataFrame({"text": [f"Row {i}." for i in range(5_000)]}).write_parquet(tmp_path / "n.parquet")
    (part,) = plan([str(tmp_path / "n.parquet")]).tasks[0].parts
    ranges = [Part(part.file, 0, 1_999), Part(part.file, 1_999, 4_100), Part(part.file, 4_100, None)]
    assert [one for part in ranges for one in read(part)] == list(read(part))


def test_what_cannot_be_opened_is_one_reject_that_names_the_file():
    (lost,) = read(Part(InputFile("/nowhere/at/all.txt", "all.txt", "txt")))
    assert str(lost) == "all.txt: the file cannot be opened: No such file or directory"
    (lost,) = read(Part(InputFile("x", "x", None, problem="the folder cannot be opened: Permission denied")))
    assert lost.reason == "the folder cannot be opened: Permission denied"


def test_pictures_in_a_folder_are_dropped_with_the_reason(tmp_path):
    write(tmp_path, "photo.png", b"\x89PNG\r\n\x1a\n")
    assert read_all(tmp_path) == [Drop("photo.png", "", "a binary file without text")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_is_told_by_its_content(pack, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pack(lines(STORY, STORY)))))
    found = read_all("-")
    assert [r.source for r in found] == ["-#byte=0", f"-#byte={len(lines(STORY))}"]


def test_fsspec_urls_are_read_like_files():
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe({"/desk/a.jsonl": lines(STORY), "/desk/sub/b.txt.gz": gzip.compress(b"Two.")})
    pl.DataFrame({"text": ["Three."]}).write_parquet(buffer := io.BytesIO())
    memory.pipe("/desk/sub/c.parquet", buffer.getvalue())
    try:
        found = read_all("memory://desk")
        assert bodies(found) == [STORY["text"], "Two.", "Three."]
        assert [r.source for r in found] == ["a.jsonl#byte=0", "sub/b.txt.gz", "sub/c.parquet#row=0"]
        assert bodies(read_all("memory://desk/*.jsonl")) == [STORY["text"]]
    finally:
        memory.rm("/desk", recursive=True)


def test_a_file_of_wide_characters_is_rejected_with_its_first_bytes(tmp_path):
    raw = '{"text": "Sixteen bits."}\n'.encode("utf-16")
    (lost,) = rejects(read_all(write(tmp_path, "wide.jsonl", raw)))
    assert "UTF-16" in lost.reason
    assert lost.raw == raw
