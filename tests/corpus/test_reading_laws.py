"""Laws of reading, over any records, good and bad: nothing lost, nothing doubled, however the file is cut."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.plan import InputFile, Part
from corpus.readers import ReadOptions, Record, read
from corpus.readers.jsonl import read_jsonl
from corpus.readers.lines import split_lines
from corpus.readers.streams import DamagedError, is_wide
from corpus.readers.values import split_values

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
good = st.builds(lambda text, more: {**more, "text": text}, texts, st.dictionaries(texts, values, max_size=3))
good_lines = good.map(lambda value: json.dumps(value, ensure_ascii=False).encode())
any_lines = (
    good_lines
    | values.map(lambda v: json.dumps(v).encode())
    | st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"?"))
)


def is_blank(line):
    return not line.removesuffix(b"\r").strip(b" \t\n\r\x0b\x0c")


def chunks(raw, size):
    return (raw[i : i + size] for i in range(0, len(raw), size))


@given(st.lists(any_lines, max_size=12), st.booleans(), st.integers(1, 40))
def test_every_line_comes_out_once(rows, last_end, size):
    """Records in = Records + Rejects; what comes out stands where it says."""
    raw = b"\n".join(rows) + (b"\n" if last_end else b"")
    found = list(read_jsonl(chunks(raw, size), "n", ReadOptions()))
    offsets = [int(one.source.rpartition("=")[2]) if isinstance(one, Record) else one.byte_offset for one in found]
    lines, starts, at = raw.split(b"\n"), [], 0
    for i, line in enumerate(lines):
        if not is_blank(line.removeprefix(b"\xef\xbb\xbf") if i == 0 else line):
            starts.append(at)
        at += len(line) + 1
    assert offsets == starts


@given(st.lists(good, max_size=8), st.integers(1, 40))
def test_good_lines_are_all_records_with_their_text(rows, size):
    raw = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    found = list(read_jsonl(chunks(raw, size), "n", ReadOptions()))
    assert all(isinstance(one, Record) for one in found)
    for row, one in zip(rows, found, strict=True):
        ends = {"\r\n": "\r\n", "\r": "\r"}.get(one.newline)
        text = one.body.replace("\n", ends) if ends else one.body
        assert ("\ufeff" if one.bom else "") + text == row["text"]
        assert {**one.fields, **one.extra} == {
            k: v for k, v in row.items() if k != "text" and not (k == "html" and not v)
        }


@settings(deadline=None)
@given(st.lists(any_lines, max_size=12), st.booleans(), st.lists(st.integers(1, 400), max_size=6))
def test_ranges_of_any_size_give_what_one_pass_gives(rows, last_end, cuts):
    raw = b"\n".join(rows) + (b"\n" if last_end else b"")
    assume(not is_wide(raw))  # such a file is never cut
    edges = sorted({cut for cut in cuts if cut < len(raw)})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "n.jsonl"
        path.write_bytes(raw)
        file = InputFile(str(path), "n.jsonl", "jsonl")
        parts = [Part(file, a, b) for a, b in zip([0, *edges], [*edges, None], strict=True)]
        assert [one for part in parts for one in read(part)] == list(read(Part(file)))


@given(st.binary(max_size=60), st.integers(1, 9), st.integers(1, 9), st.integers(1, 20))
def test_lines_do_not_depend_on_the_blocks(raw, size, other, limit):
    found = list(split_lines(chunks(raw, size), limit=limit))
    assert found == list(split_lines(chunks(raw, other), limit=limit))
    lines = raw.split(b"\n")
    lines = lines if lines[-1] else lines[:-1]
    assert [len(line) if cut is None else cut.size for _, line, cut in found] == [len(line) for line in lines]
    assert all((cut is not None) == ((cut.size if cut else len(line)) > limit) for _, line, cut in found)


def values_of(raw, size):
    found = []
    try:
        found.extend(split_values(chunks(raw, size), limit=1 << 20))
    except DamagedError as damage:
        found.append((damage.offset, damage.raw, damage.reason))
    return found


@given(st.lists(good, max_size=5), st.sampled_from([None, 0, 2]), st.booleans(), st.integers(1, 30))
def test_json_files_give_their_values_however_they_are_laid_out(rows, indent, array, size):
    whole = json.dumps(rows, indent=indent) if array else " ".join(json.dumps(row, indent=indent) for row in rows)
    assert [json.loads(raw) for _, raw, _ in values_of(whole.encode(), size)] == rows


@given(st.text('[]{}",\\a 1', max_size=40), st.integers(1, 9), st.integers(1, 9))
def test_broken_json_files_never_raise_and_do_not_depend_on_the_blocks(text, size, other):
    raw = text.encode()
    found = values_of(raw, size)
    assert found == values_of(raw, other)
    for offset, value, _ in found:
        assert raw[offset : offset + len(value)].strip() == value.strip()


cells = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('",;\n\r\t'), max_size=12)


@settings(deadline=None)
@given(
    st.lists(st.tuples(cells, cells), max_size=6), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"])
)
def test_csv_gives_back_what_the_csv_module_wrote(rows, delimiter, ends):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ends, quoting=csv.QUOTE_ALL)
    writer.writerows([("note", "text"), *rows])
    found = read_csv(out.getvalue().encode())
    assert all(isinstance(one, Record) for one in found)
    assert [one.extra["note"] for one in found] == [note for note, _ in rows]


@settings(deadline=None)
@given(st.text('",\nab', max_size=40))
def test_any_csv_comes_out_line_for_line(tail):
    """Each byte of the rows is in one Record or Reject, in order: none is read twice, none is lost."""
    raw = ("note,text\n" + tail).encode()
    at = len("note,text\n")
    for one in read_csv(raw):
        start = int(one.source.rpartition("=")[2]) if isinstance(one, Record) else one.byte_offset
        digest = one.record_sha256 if isinstance(one, Record) else one.raw_sha256
        assert not raw[at:start].strip(b"\n")
        at = next(end for end in range(start, len(raw) + 1) if hashlib.sha256(raw[start:end]).hexdigest() == digest)
    assert not raw[at:].strip(b"\n")


def read_csv(raw):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "n.csv"
        path.write_bytes(raw)
        return list(read(Part(InputFile(str(path), "n.csv", "csv"))))
