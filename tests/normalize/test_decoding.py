"""decode_bytes: never fails, says how it read the bytes, and its inverse gives them back."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.decoding import Decoded, declared_encoding, decode_bytes, encode_source
from normalize.tables import read_table

ENGLISH = "It’s the city’s first bridge – “a day to remember”, the mayor said.\n"
TEXTS = {
    "windows-1252": "Der Bürgermeister eröffnete am Dienstag die neue Brücke über den Fluß. «Très bien», sagte er.\n",
    "windows-1250": "Prezydent przyjechał wczoraj do miasta. Mieszkańcy przywitali go gorąco, mówią świadkowie.\n",
    "windows-1251": "Президент прибыл в город вчера вечером. Жители встретили его тепло, говорят очевидцы.\n",
    "koi8-r": "Президент прибыл в город вчера вечером. Жители встретили его тепло, говорят очевидцы.\n",
    "cp866": "Президент прибыл в город вчера вечером. Жители встретили его тепло, говорят очевидцы.\n",
    "iso-8859-7": "Ο πρόεδρος έφτασε χθες στην πόλη. Οι κάτοικοι τον υποδέχτηκαν θερμά.\n",
    "windows-1254": "Başkan dün şehre geldi. Halk onu sıcak bir şekilde karşıladı, görgü tanıkları söylüyor.\n",
    "windows-1255": "הנשיא הגיע אתמול לעיר. התושבים קיבלו את פניו בחום, אומרים עדי ראייה.\n",
    "windows-1256": "وصل الرئيس أمس إلى المدينة. واستقبله السكان بحرارة كما قال شهود عيان.\n",
    "cp874": "ประธานาธิบดีเดินทางมาถึงเมืองเมื่อวานนี้ ชาวเมืองต้อนรับอย่างอบอุ่น\n",
    "gb18030": "总统昨天抵达这座城市。目击者说,居民们热烈欢迎他的到来。\n",
    "big5hkscs": "總統昨天抵達這座城市。目擊者說，居民們熱烈歡迎他的到來。\n",
    "cp932": "大統領は昨日、この街に到着した。目撃者によると、住民は温かく迎えた。\n",
    "euc-jp": "大統領は昨日、この街に到着した。目撃者によると、住民は温かく迎えた。\n",
    "cp949": "대통령은 어제 이 도시에 도착했다. 목격자들은 주민들이 따뜻하게 맞이했다고 말했다.\n",
    "iso-2022-jp": "大統領は昨日、この街に到着した。\n",
}
LABELS = [label for row in read_table("encodings") for label in row["labels"].split()]


def gives_back(found: Decoded, raw: bytes) -> bool:
    return encode_source(found.text, found.encoding, bom=found.bom, newline=found.newline) == raw


@pytest.mark.parametrize(("encoding", "text"), TEXTS.items())
def test_a_paragraph_tells_its_encoding(encoding: str, text: str) -> None:
    raw = (text * 3).encode(encoding)
    found = decode_bytes(raw)
    assert (found.text, found.encoding_from, found.exact) == (text * 3, "statistics", True)
    assert found.evidence
    assert gives_back(found, raw)


@pytest.mark.parametrize(("encoding", "text"), TEXTS.items())
def test_a_right_label_is_believed(encoding: str, text: str) -> None:
    found = decode_bytes(text.encode(encoding), declared=encoding)
    assert found.text == text
    assert found.encoding_from == ("statistics" if encoding == "iso-2022-jp" else "declared")


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "shift_jis", "no-such-label", "utf-16"])
def test_a_wrong_label_is_noticed(label: str) -> None:
    text = TEXTS["windows-1251"] * 3
    found = decode_bytes(text.encode("cp1251"), declared=label)
    assert (found.text, found.encoding_from) == (text, "statistics")
    assert any(repr(label) in words for words in found.evidence)


def test_every_label_stands_for_an_encoding_that_python_knows() -> None:
    assert len(LABELS) == len(set(LABELS))
    for row in read_table("encodings"):
        assert codecs.lookup(row["encoding"])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_no_text(encoding: str) -> None:
    raw = ENGLISH.encode(encoding)
    found = decode_bytes(raw, declared="koi8-r")
    assert (found.text, found.encoding_from, found.bom, found.exact) == (ENGLISH, "bom", True, True)
    assert gives_back(found, raw)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [ENGLISH, "大統領は昨日、この街に到着した。\r\n" * 9, "Привет, мир\r\n" * 3])
def test_wide_encodings_need_no_mark(encoding: str, text: str) -> None:
    raw = text.encode(encoding)
    found = decode_bytes(raw)
    assert found.encoding == encoding
    assert gives_back(found, raw)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"It\x92s here", "It’s here"),
        (b"Trump\x92s \x93plan\x94", "Trump’s “plan”"),
        (b"2010\x962015\x85", "2010–2015…"),
        (b"COURT\x92S RULING", "COURT’S RULING"),
        (b"\x95 one\n\x95 two", "• one\n• two"),
    ],
)
def test_a_headline_with_typographic_bytes_is_windows_1252(raw: bytes, text: str) -> None:
    assert decode_bytes(raw).text == text


def test_lines_in_two_encodings_are_read_line_by_line() -> None:
    lines = ["“Où est-il ?”\n", "L’été dernier\n", "Málaga\n", "São Tomé\n"] * 2
    raw = b"".join(line.encode("cp1252" if n % 3 == 1 else "utf-8") for n, line in enumerate(lines))
    found = decode_bytes(raw)
    assert (found.text, found.encoding_from, found.exact) == ("".join(lines), "lines", False)


def test_utf8_that_was_cut_in_a_character_stays_utf8() -> None:
    raw = TEXTS["gb18030"].encode()[:-2]
    found = decode_bytes(raw)
    assert (found.text[:-1], found.text[-1]) == (TEXTS["gb18030"][:-2], "\ufffd")


@pytest.mark.parametrize(
    ("raw", "newline", "text"),
    [
        (b"one", None, "one"),
        (b"one\ntwo\n", "\n", "one\ntwo\n"),
        (b"one\r\ntwo\r\n", "\r\n", "one\ntwo\n"),
        (b"one\rtwo\r", "\r", "one\ntwo\n"),
        (b"one\r\ntwo\n", "mixed", "one\r\ntwo\n"),
        (b"one\r\r\ntwo", "mixed", "one\r\r\ntwo"),
    ],
)
def test_line_ends_that_are_all_alike_become_line_feeds(raw: bytes, newline: str | None, text: str) -> None:
    found = decode_bytes(raw)
    assert (found.newline, found.text, found.exact) == (newline, text, True)
    assert gives_back(found, raw)


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        (b'<html><head><meta charset="windows-1251"><title>', "windows-1251"),
        (b"<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=EUC-KR'>", "EUC-KR"),
        (b'<?xml version="1.0" encoding="ISO-8859-2"?><rss>', "ISO-8859-2"),
        (b"<p>The charset=utf-8 of a text</p>", None),
        (b"", None),
        (b"<meta " * 3000, None),
    ],
)
def test_a_pages_own_label_is_found(raw: bytes, label: str | None) -> None:
    assert declared_encoding(raw) == label


PIECES = st.sampled_from(
    [b"a", b" ", b"\r", b"\n", b"\x00", b"\x92", b"\xe9", b"\xc3\xa9", b"\xff\xfe", b"\x1b$B", b"~{"]
)


@given(
    st.one_of(st.binary(), st.lists(PIECES).map(b"".join)), st.none() | st.sampled_from(LABELS) | st.text(max_size=9)
)
def test_any_bytes_under_any_label_decode_and_exact_means_exact(raw: bytes, label: str | None) -> None:
    found = decode_bytes(raw, declared=label)
    assert found == decode_bytes(raw, declared=label)
    found.text.encode("utf-8")  # no lone surrogate
    if found.exact:
        assert gives_back(found, raw)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0\x1b~\ufeff")))
def test_utf8_is_read_as_it_is(text: str) -> None:
    assert decode_bytes(text.encode()) == Decoded(text, "utf-8", "utf-8", True, False, "\n" if "\n" in text else None)
