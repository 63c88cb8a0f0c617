"""The table of page furniture: every row works, and every negative example stays."""

from __future__ import annotations

import re

import pytest

from normalize import strip_furniture
from normalize.phrases import ANY, EDGE, Match, begin_lines, fold, match_line, match_lines
from normalize.tables import read_table

ROWS = read_table("phrases")
LANGUAGES = ["de", "fr", "es", "pt", "it", "nl", "ru", "pl", "tr", "ar", "ja", "zh", "ko", "id", "en"]
STORY = "The council met on Friday and would not say what it had decided on the harbour."


def test_rows_are_complete_and_of_known_kinds() -> None:
    for row in ROWS:
        assert row["phrase"], row
        assert row["source"], row
        assert row["where"] in {ANY, EDGE}, row
        assert row["match"] in {"line", "prefix", "words", "teaser", "label", "pattern"}, row
        assert bool(row["anchor"]) == (row["match"] == "pattern"), row
        assert re.fullmatch("[a-z]+", row["rule"]), row


def test_no_row_stands_twice() -> None:
    keys = [(row["match"], row["phrase"] if row["match"] == "pattern" else fold(row["phrase"])) for row in ROWS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_rows_for_menus_sections_sharing_and_links(language: str) -> None:
    rules = {row["rule"] for row in ROWS if row["language"] == language}
    assert {"navigation", "section", "share", "related", "ad"} <= rules


def _example(row: dict[str, str]) -> str:
    """Return a line that the row must match."""
    if row["match"] == "words":
        return f"{row['phrase']} | Share"
    if row["match"] == "prefix":
        return f"{row['phrase']} of today"
    if row["match"] in {"teaser", "label"}:
        return f"{row['phrase']}: Harbour quarrel enters third year"
    return row["phrase"]


def test_every_row_but_patterns_matches_its_own_phrase() -> None:
    missed = [
        row["phrase"]
        for row in ROWS
        if row["match"] != "pattern" and row["phrase"] != "share" and not match_line(_example(row))
    ]
    assert missed == []


def test_negative_examples_stay() -> None:
    for row in ROWS:
        example = row["negative"].partition("\\n")[0]
        if example:
            text = f"{STORY}\n\n{example}\n\n{STORY}"
            assert strip_furniture(text) == text, row


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our newsletter and get the harbour news",
        "The Gull: delivered to your inbox every morning",
        "By clicking here you agree to the terms of the Gull",
        "This site is protected by reCAPTCHA and the privacy policy applies",
        "Follow Jane Doe on Twitter @janedoe",
        "Jane Doe can be reached at jane.doe@example.com",
        "Download the Gull News app for breaking news",
        "12 Comments",
        "This article is more than two years old",
        "3 hours ago",
        "vor 3 Stunden",
        "4 min read",
        "Lesezeit: 5 Minuten",
        "1:30",
        "A version of this article appears in print on May 1",
        "Wir verwenden auf dieser Seite Cookies",
        "Этот сайт использует файлы cookie",
        "Visit the Gull's homepage for more stories",
        "Do you like the harbour? Vote Now in our poll",
        "This article is for subscribers only",
        "Already a subscriber? Log in",
        "History [edit source]",
        "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
        "Este contenido es exclusivo para suscriptores",
        "Dieser Artikel ist nur für Abonnenten",
        "Artikeln är endast för prenumeranter",
        "この記事は有料会員限定です。残り1200文字",
        "Also on gull.com The council that would not say what it did",
        "An dieser Stelle finden Sie externen Inhalt, der den Artikel ergänzt.",
        "Copy/paste the article video embed link below: Copied",
        "이메일에 공유하기   카카오톡에 공유하기   링크 복사하기",
        "Let our news meet your inbox.",
    ],
)
def test_patterns_match(line: str) -> None:
    assert match_line(line) is not None


def _slow(line: str) -> Match | None:
    """Say what the patterns say of a line, each asked, no hint taken."""
    for row in ROWS:
        if row["match"] == "pattern" and re.fullmatch(row["phrase"], fold(line)):
            return Match(row["rule"], row["where"], 0.95)
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_anchors_hide_no_pattern(language: str) -> None:
    starts = ["", "3 ", "Sign up ", "Follow ", "By ", "We ", "This ", "Vor ", "Il y a ", "Lesezeit ", "Du ", "To "]
    phrases = [row["phrase"] for row in ROWS if row["language"] == language and row["match"] != "pattern"]
    for phrase in phrases[:60]:
        for start in starts:
            line = start + phrase
            assert match_line(line) is not None or _slow(line) is None, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_asked_at_once_are_told_as_each_alone(language: str) -> None:
    phrases = [_example(row) for row in ROWS if row["language"] == language and row["match"] != "pattern"][:80]
    lines = [
        line for phrase in phrases for line in (phrase, f"» {phrase.upper()} …", f"It rained: {phrase}", "It rained.")
    ]
    plain, heads = begin_lines(lines)
    found = match_lines(lines, plain, heads, range(len(lines)))
    assert [found.get(n) for n in range(len(lines))] == [match_line(line) for line in lines]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("WATCH | Council leaves by the back door", "related"),
        ("[Related: Harbour walls are two centuries old]", "related"),
        ("Les også  Havnen er stengt", "related"),
        ("Läs mer: Hamnen är stängd", "related"),
        ("The council that would not say what it did […]", "related"),
        ("The council that would not say what it did [...]", "related"),
    ],
)
def test_links_to_other_stories(line: str, rule: str) -> None:
    found = match_line(line)
    assert found is not None
    assert found.rule == rule


@pytest.mark.parametrize(
    "line",
    [
        "Watch the harbour | it freezes",
        "Les også dette om igjen, sa hun.",
        "Se även till att cykeln har reflexer!",
        "“I went […] to the harbour,” she said.",
        "[…]",
        "Here are some tips to keep your home safe this winter:",
        "“We want to hear from you,” the mayor told residents on Friday.",
        "Also on Gull.com, the second season of the thriller begins on Friday.",
        "Register to comment at Tuesday's public hearing by calling the clerk.",
        "Get local news right, he told the editors, and the rest follows.",
        "Denna artikel är viktig för våra medlemmar, säger hon.",
        "Der Beitrag für Mitglieder steigt im Januar von 48 auf 60 Euro.",
        "Ich bin einverstanden, dass mir gewisse Inhalte verborgen bleiben, sagte sie.",
        "Vous ne pouvez voter que sur un seul appareil, précise la mairie.",
        "El contenido para suscriptores creció un 40 %, según la empresa.",
        "有料会員が100万人を超えた、と新聞社が金曜日に発表した。",
        "会員限定の記事を増やすと発表した。",
        "유료 회원이 100만 명을 넘었다.",
        "Get in touch with us by Friday if the boat is yours, the police wrote.",
    ],
)
def test_what_only_looks_like_one_is_none(line: str) -> None:
    assert match_line(line) is None


@pytest.mark.parametrize(
    "line", ["Tags:politics", "Related:Harbour", "关键词：港口", "Related : Harbour", "[Related: Harbour]"]
)
def test_labels_are_told_with_and_without_a_space(line: str) -> None:
    assert match_line(line) is not None


def test_patterns_are_written_as_lines_are_folded() -> None:
    """ "ß" is "ss" in what they are compared with."""
    assert [row["phrase"] for row in ROWS if row["match"] == "pattern" and "ß" in row["phrase"]] == []


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row["match"] == "pattern" and not row["anchor"].isascii()],
    ids=lambda row: row["phrase"][:20],
)
def test_a_pattern_with_a_hint_beyond_ascii_begins_beyond_it(row: dict[str, str]) -> None:
    """Lines whose first word is in ASCII are not searched for such hints."""
    if not any(each.startswith("^") for each in row["anchor"].split("|")):
        assert re.match(row["phrase"], "gull " + row["anchor"].partition("|")[0]) is None
