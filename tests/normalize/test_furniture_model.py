"""The model of page furniture: its arrays against slow oracles, its file, and what it does to a page."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import (
    Annotation,
    Facts,
    Pipeline,
    find_captions,
    find_notices,
    read_headline,
    strip_captions,
    strip_furniture,
)
from normalize.edits import Edit
from normalize.furniture import arrays, context, features, headline, model, page
from normalize.furniture.model import Verdicts
from normalize.furniture.verdicts import address_of
from normalize.lines import Line, split_lines
from normalize.shapes import survey
from normalize.tables import read_table

STORY = [
    "The council met on Friday and would not say what it had decided on the harbour, whose walls are two centuries old.",
    "Its members left by the back door, and the mayor cancelled her weekly talk with reporters, who had waited in the rain.",
    "“We were told that there would be an answer today,” said the head of the fishermen's union, a man of seventy.",
    "The harbour has been closed since a storm in March broke its outer wall and sank eleven boats in a single night.",
    "A report that the council ordered in May says that the repair would cost more than the town earns in four years.",
    "The state has offered to pay half, on the condition that the old lighthouse is sold, which the town has refused twice.",
]
MENU = [
    "Home",
    "News",
    "Local",
    "Weather",
    "Sport",
    "Obituaries",
    "Jobs",
    "Puzzles",
    "Contact us",
    "Log in",
    "Subscribe",
]
TEASERS = [
    "Bakery wins third prize in a row",
    "Ferry late again",
    "Five walks for a Sunday",
    "School gets new roof",
    "Where to eat this week",
    "The lighthouse keeper's last winter",
    "Gull steals wallet",
]
PAGE = "\n\n".join([*MENU, "Council silent after meeting on harbour", *STORY, *MENU, *TEASERS, *MENU])
TEXTS = st.text(alphabet="aB3 .,:?\n日é\U0001f600\ud800", min_size=1, max_size=60)


def lines_of(text: str) -> list[Line]:
    return list(split_lines(text)[0])


@given(TEXTS)
def test_letters_are_counted_by_line(text: str) -> None:
    if not (lines := lines_of(text)):
        return
    page = arrays.read_page(text, lines)
    classes, _ = arrays.letters()
    for n, (start, end) in enumerate(lines):
        found = [int(classes[min(ord(sign), 0xFFFF)]) for sign in text[start:end]]
        assert page.counts[n].tolist() == np.bincount(found, minlength=16).tolist()
        assert (page.first[n], page.last[n]) == (found[0], found[-1])


@given(TEXTS, TEXTS)
def test_a_word_has_one_hash_wherever_it_stands(before: str, after: str) -> None:
    alone = arrays.read_page("Harbour", [Line(0, 7)]).word
    text = f"{before} harbour {after}"
    page = arrays.read_page(text, [Line(0, len(text))])
    assert alone[0] in page.word


def test_words_are_told_from_each_other() -> None:
    words = [sign + other for sign in "abcdefghij" for other in "klmnopqrsté"]
    assert len(set(arrays.hash_words(" ".join(words)).tolist())) == len(words)


@given(st.integers(0, 2**32))
def test_a_forest_answers_as_a_walk_down_its_trees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    forest = model.Forest(
        rng.integers(0, 4, (5, 3)).astype(np.uint16),
        rng.normal(size=(5, 3)).astype(np.float32),
        rng.integers(-900, 900, (5, 8)).astype(np.int16),
        0.001,
        0.2,
    )
    table = rng.normal(size=(4, 6)).astype(np.float32)
    for row, answer in zip(table.T, forest.answer(table), strict=True):
        total = 0
        for columns, borders, leaves in zip(forest.columns, forest.borders, forest.leaves, strict=True):
            leaf = sum(int(row[c] > b) << level for level, (c, b) in enumerate(zip(columns, borders, strict=True)))
            total += int(leaves[leaf])
        assert answer == pytest.approx(1 / (1 + np.exp(-(total * 0.001 + 0.2))), rel=1e-5)


def test_the_model_fits_its_columns_and_is_small() -> None:
    found = survey(PAGE)
    loaded = model.load()
    page = arrays.read_page(PAGE, found.lines)
    none = np.zeros(len(found.lines), np.float32)
    first = features.first_table(page, found, features.Told(), loaded.words)
    last = context.third_table(context.second_table(first, none, page), none, page)
    assert loaded.names == tuple(model.name_hash(list(each)) for each in (first, last)), "train the model anew"
    file = files("normalize") / "data" / "furniture.npz"
    assert len(file.read_bytes()) <= 300_000


def test_a_model_is_written_alike_twice(tmp_path) -> None:
    loaded = model.load()
    for name in ("one.npz", "two.npz"):
        model.save(loaded, tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert model.load(str(tmp_path / "one.npz")).names == loaded.names


def test_a_page_gives_its_story() -> None:
    assert strip_furniture(PAGE).split("\n\n")[-len(STORY) :] == STORY
    assert not {*strip_furniture(PAGE).split("\n\n")} & {*MENU, *TEASERS}


def test_every_deletion_names_its_evidence() -> None:
    edits = [edit for edit in strip_furniture.find(PAGE, Facts()) if isinstance(edit, Edit)]
    assert edits
    assert all(edit.rule and edit.score is not None and 0 <= edit.score <= 1 for edit in edits)
    assert {"above_story", "below_story"} <= {edit.rule for edit in edits}


def test_a_story_alone_is_left_alone() -> None:
    text = "\n\n".join(STORY)
    assert strip_furniture(text) == text


def test_a_long_list_under_a_story_makes_no_page() -> None:
    text = "\n\n".join([*STORY, *(f"- Port of {name}: {n} boats" for n, name in enumerate("ABCDEFGH" * 8))])
    assert strip_furniture(text) == text


def test_of_a_page_opened_from_html_the_tables_alone_speak() -> None:
    left = strip_furniture(PAGE, known=Facts(form="page")).split("\n\n")
    assert {*STORY, *TEASERS} <= {*left}


def test_the_story_left_is_left_alone() -> None:
    once = strip_furniture(PAGE)
    assert strip_furniture(once) == once


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (None, ""),
        ("gull.example", ""),
        ("https://gull.example/", ""),
        ("https://gull.example/2017/council_silent-on-harbour-2.html", "council silent on harbour"),
        ("https://gull.example/der-bürgermeister-über-moewen", "der bürgermeister über moewen mowen"),
    ],
)
def test_the_words_of_an_address(url: str | None, words: str) -> None:
    assert address_of(url) == words


def test_numpy_is_loaded_for_pages_only() -> None:
    code = "import sys; from normalize import strip_furniture; strip_furniture('It rained.'); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_list_of_names_makes_no_page() -> None:
    names = [f"{first} {last}" for first in ("Jane", "John", "Mary") for last in ("Doe", "Roe", "Low", "Moe", "Foe")]
    text = "\n\n".join([*STORY, "The members of the council are:", *names])
    assert strip_furniture(text) == text


def test_the_headline_of_a_page_is_found_among_its_menus() -> None:
    title = "Council silent after meeting on harbour"
    assert read_headline(PAGE, known=Facts(url="https://gull.example/news/council-silent-on-harbour")) == title


@pytest.mark.parametrize(
    "line",
    [
        "https://gull.example/council-silent",
        "news@gull.example",
        "Home » News » Council silent",
        "Start|News|Harbour|Old pier",
        "Home → News → Harbour",
        "@gullpress_official",
        "港町",  # a word of a script whose letters say more
    ],
)
def test_addresses_and_ways_through_menus_are_no_headlines(monkeypatch, line: str) -> None:
    title = "Council silent after meeting on harbour"
    text = f"{line}\n\n{PAGE}"
    lines = [text[start:end] for start, end in survey(text).lines]
    chances = [0.9 if n == 0 else 0.5 if line == title else 0.0 for n, line in enumerate(lines)]
    monkeypatch.setattr(headline, "read_verdicts", lambda *_: Verdicts([0.0] * len(lines), chances, []))
    assert read_headline(text) == title


@pytest.mark.parametrize(
    "title",
    [
        "«Чайка» обыграла «Зарю» в последнем матче сезона",
        "»Kein Wort« nach »langer Sitzung«: Stadtrat schweigt",
        "@海鸥港市民，市议会闭门讨论出售旧港区",
        "Gulls 3 > 2 Hallow > 1 Zarya: how the season ended",
        "Live | Storm warning | Harbour closes",
        "Norway / Sweden / Denmark sign cod pact",
    ],
)
def test_marks_that_headlines_have_too_refuse_none(monkeypatch, title: str) -> None:
    text = PAGE.replace("Council silent after meeting on harbour", title)
    chances = [0.5 * (line == title) for line in survey(text).said]
    monkeypatch.setattr(headline, "read_verdicts", lambda *_: Verdicts([0.0] * len(chances), chances, []))
    assert read_headline(text) == title


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("L'été à l'hôtel du port", "l-ete-a-l-hotel-du-port"),
        ("Council's silent day", "councils-silent-day"),
        ("Council’s silent day", "council-s-silent-day"),
        ("Løven på bryggen", "loven-pa-bryggen"),
        ("Gölcük'te büyük yangın çıktı", "golcukte-buyuk-yangin-cikti"),
        ("Möwen über dem Hafen", "moewen-ueber-dem-hafen-4711000.html"),
        ("Möwen über dem Hafen", "mowen-uber-dem-hafen"),
        ("4 boats and 4 gulls", "4-boats-and-4-gulls"),
    ],
)
def test_an_address_says_all_of_its_headline(line: str, address: str) -> None:
    assert headline._alike(line, headline._address(f"https://gull.example/news/{address}")) == 1


def test_of_two_headlines_of_the_same_words_the_address_tells_which(monkeypatch) -> None:
    title, other = "Council silent on harbour after meeting", "Harbour: council silent after meeting"
    text = PAGE.replace("Council silent after meeting on harbour", f"{other}\n\nPort Hallow\n\n{title}")
    lines = [text[start:end] for start, end in survey(text).lines]
    chances = [0.8 * (each in (title, other)) for each in lines]
    monkeypatch.setattr(headline, "read_verdicts", lambda *_: Verdicts([0.0] * len(lines), chances, []))
    for told in ("council-silent-on-harbour-after-meeting", "harbour-council-silent-after-meeting"):
        known = Facts(url=f"https://gull.example/news/{told}")
        assert read_headline(text, known=known) == (title if told.startswith("council") else other)


def test_the_model_speaks_alike_through_every_door() -> None:
    """One page alone, after another page, and in a pipeline that read captions and notices before."""
    alone = strip_furniture(PAGE)
    strip_furniture(PAGE.replace("Ferry", "Tram"))
    steps = (find_captions, find_notices, read_headline, strip_furniture)
    assert strip_furniture(PAGE) == Pipeline(steps).run(PAGE).text == alone


def test_a_pull_quote_is_cut_and_its_sentence_stays() -> None:
    quote = "A report that the council ordered in May says that the repair would cost more than the town earns"
    text = PAGE.replace(STORY[2], f"{STORY[2]}\n\n“{quote}.”")
    left = strip_furniture(text)
    assert left.count(quote) == 1
    assert STORY[4] in left


def test_a_title_told_again_below_the_story_is_a_link() -> None:
    text = PAGE.replace(STORY[2], f"{STORY[2]}\n\n{TEASERS[5]}")
    assert TEASERS[5] not in strip_furniture(text)


def test_titles_told_again_may_stand_in_one_line() -> None:
    line = f"{TEASERS[5]}    {TEASERS[3]}"
    assert line not in strip_furniture(PAGE.replace(STORY[2], f"{STORY[2]}\n\n{line}"))


def test_a_headline_told_twice_is_no_story() -> None:
    title = "Council silent after meeting on harbour"
    left = strip_furniture(
        PAGE.replace(title, f"{title}\n\n{title}"), known=Facts(url="https://gull.example/council-silent-on-harbour")
    )
    assert left.count(title) <= 1
    assert STORY[0] in left


def test_a_rule_that_ends_a_story_stays_and_others_go() -> None:
    text = PAGE.replace(STORY[-1], f"{STORY[-1]}\n\n___").replace(TEASERS[0], f"___\n\n{TEASERS[0]}")
    assert strip_furniture(text).endswith(f"{STORY[-1]}\n\n___")


def test_a_sentence_above_a_credit_is_a_caption_where_the_model_is_in_doubt() -> None:
    caption, credit = "The mayor looks at the old harbour on a grey morning.", "Photo: Jane Doe"
    text = PAGE.replace(STORY[2], f"{STORY[2]}\n\n{caption}\n\n{credit}")
    numbers = {text[start:end]: n for n, (start, end) in enumerate(survey(text).lines)}
    for chance, captions in ((0.6, [numbers[caption]]), (0.99, [])):
        chances = [1.0 if n != numbers[caption] else chance for n in range(len(numbers) + 60)]
        assert list(page._captions(text, Facts(), chances)) == captions
    assert list(page._captions(text.replace(caption, STORY[5] * 2), Facts(), [0.6] * 99)) == []  # a paragraph


@pytest.mark.parametrize("paragraph", STORY[1:])
@pytest.mark.parametrize("credit", ["Getty Images", "Photo: Jane Doe"])
def test_a_paragraph_above_a_credit_stays(paragraph: str, credit: str) -> None:
    assert paragraph in strip_furniture(PAGE.replace(paragraph, f"{paragraph}\n\n{credit}"))
    assert paragraph not in find_captions(PAGE.replace(paragraph, f"{paragraph}\n\n{credit}"))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            "The mayor looks at the old harbour.   Jane Doe",
            ["The mayor looks at the old harbour.", "Jane Doe"],
        ),
        (
            "Mayor Jane Doe, left, looks at the old harbour, Tuesday, Nov. 19, 2019, in Port Hallow, Maine.",
            ["Mayor Jane Doe, left, looks at the old harbour, Tuesday, Nov. 19, 2019, in Port Hallow, Maine."],
        ),
        ("Jane Doe was born on Tuesday, Nov. 19, 2019, in Port Hallow, Maine.", []),
        ("Jane Doe remains in custody and is to appear Monday, Nov. 25, 2019, in Port Hallow District Court.", []),
        ("The council meets in special session Tuesday, Nov. 19, 2019, at Town Hall.", []),
        ("The council met on Friday and would not say what it had decided.   Log In", []),
        (f"{STORY[0]} {STORY[1]}   Jane Doe", []),
        ("The mayor looks at the old harbour. Jane Doe", []),
        (
            "시장이 12일 갈매기항 방파제를 둘러보고 있다. 홍길동 기자",
            ["시장이 12일 갈매기항 방파제를 둘러보고 있다.", "홍길동 기자"],
        ),
        ("시장이 12일 갈매기항에서 연설하고 있다. 뉴시스", ["시장이 12일 갈매기항에서 연설하고 있다.", "뉴시스"]),
        ("시장은 회의가 이어지고 있다고 말했다. 뉴시스", []),
        ("업계에서는 항만 물동량 감소에 대한 우려가 커지고 있다. 홍길동 기자", []),  # no day: news
        ("시장이 12일 항구를 찾았다. 시민들은 답을 요구하고 있다. 홍길동 기자", []),  # two sentences
        ("달라진 항구의 모습 담은 사진집 시민에게 제공", []),
        ("경찰은 12일 사고 현장에서 정확한 원인을 조사하고 있다. 홍길동 기자", []),
        ("시의회는 오는 20일까지 주민 대표와 대화하고 있다. 연합뉴스", []),
    ],
)
def test_captions_that_pages_alone_have(line: str, found: list[str]) -> None:
    assert find_captions(PAGE.replace(STORY[2], f"{STORY[2]}\n\n{line}")) == found
    assert find_captions("\n\n".join([*STORY, line])) == []


def test_a_caption_is_found_in_the_first_line_too_behind_spaces() -> None:
    line = "The mayor looks at the old harbour.   Jane Doe"
    assert find_captions(f"   {line}\n\n{PAGE}") == ["The mayor looks at the old harbour.", "Jane Doe"]


def test_what_overlaps_a_telling_caption_stays_with_it() -> None:
    text = "\n\n".join(STORY[:2])
    told = Annotation(1, 142, "caption", text[1:142])
    known = Facts(annotations={"caption": (told,), "credit": (Annotation(0, 2, "credit", text[:2]),)})
    assert strip_captions(text, known=known) == text


def test_the_table_of_captions_holds_on_pages_too() -> None:
    rows = read_table("captions")
    on_page = [
        find_captions(PAGE.replace(STORY[2], f"{STORY[2]}\n\n{row['negative']}")) for row in rows if row["negative"]
    ]
    assert on_page == [[]] * len(on_page)
    for row in rows:
        if row["match"] in {"shown", "by", "agency"}:
            shown = row["phrase"] if row["match"] == "shown" else "둘러보고 있다"
            credit = {"by": f"홍길동 {row['phrase']}", "agency": row["phrase"]}.get(row["match"], "홍길동 기자")
            line = f"시장이 12일 갈매기항에서 {shown}."
            assert find_captions(PAGE.replace(STORY[2], f"{STORY[2]}\n\n{line} {credit}")) == [line, credit]


def test_the_last_line_of_a_story_is_signed_like_a_caption_and_stays() -> None:
    line = "시장이 12일 갈매기항 방파제를 찾아 주민들과 대화하고 있다. 홍길동 기자"
    assert find_captions(PAGE.replace(STORY[-1], line)) == []


def test_a_kicker_set_apart_is_no_part_of_the_headline() -> None:
    title = "Council silent after meeting on harbour"
    assert read_headline(PAGE.replace(title, f"Old harbour  -   {title}")) == title


@pytest.mark.parametrize(
    ("above", "chance", "told"),
    [
        ("Council of Port Hallow silent after its meeting on the harbour", 0.6, True),
        ("Council of Port Hallow silent after its meeting on the harbour", 0.4, False),
        ("The old harbour", 0.6, False),  # a kicker
        ("Home News Council silent after meeting on harbour", 0.6, False),  # a breadcrumb
    ],
)
def test_the_headline_stands_above_its_standfirst(monkeypatch, above: str, chance: float, told: bool) -> None:
    line = "Council silent after meeting on harbour"
    text = PAGE.replace(line, f"{above}\n\n{line}")
    lines = [text[start:end] for start, end in survey(text).lines]
    chances = [0.7 * (each == line) + chance * (each == above) for each in lines]
    monkeypatch.setattr(headline, "read_verdicts", lambda *_: Verdicts([0.0] * len(lines), chances, []))
    assert read_headline(text) == (above if told else line)


def test_a_headline_that_begins_with_a_colon_goes_on_from_the_line_above(monkeypatch) -> None:
    title = ": silent after meeting on harbour"
    text = PAGE.replace("Council silent after meeting on harbour", f"The council of the town\n\n{title}")
    lines = [text[start:end] for start, end in survey(text).lines]
    chances = [0.9 * (line == title) for line in lines]
    monkeypatch.setattr(headline, "read_verdicts", lambda *_: Verdicts([0.0] * len(lines), chances, []))
    assert read_headline(text) == "The council of the town: silent after meeting on harbour"
    text = PAGE.replace("Council silent after meeting on harbour", title)
    chances = [0.9 * (text[start:end] == title) for start, end in survey(text).lines]
    monkeypatch.setattr(headline, "read_verdicts", lambda *_: Verdicts([0.0] * len(chances), chances, []))
    assert read_headline(text) == title  # a menu's "Subscribe" stands above it


@pytest.mark.parametrize("subhead", ["The repair would cost more than the town earns", "The town has refused twice"])
def test_a_subhead_that_says_what_a_sentence_says_is_no_pull_quote(subhead: str) -> None:
    assert {subhead} <= {*strip_furniture(PAGE.replace(STORY[2], f"{STORY[2]}\n\n{subhead}")).split("\n\n")}


def test_the_question_that_an_interview_asks_again_stays() -> None:
    question = "And what will the town of fishermen do with the money that the state has offered for its harbour?"
    text = PAGE.replace(STORY[2], f"{question}\n\n{STORY[2]}").replace(STORY[4], f"{question}\n\n{STORY[4]}")
    assert strip_furniture(text).count(question) == 2


@given(st.integers(0, len(STORY) - 1), st.integers(4, 12), st.integers(0, 6))
def test_a_line_that_stands_in_another_may_be_told_again(which: int, size: int, skipped: int) -> None:
    words = STORY[which].split()
    quote = " ".join(words[skipped : skipped + size])[1:]  # begins within a word, as what is folded may
    text = "\n".join([*MENU, quote, *STORY, *TEASERS])
    again = model.judge(text, survey(text), features.Told(), model.load()).again
    assert again[len(MENU)] or len(quote) < 75
    assert not any(again[len(MENU) + 2 + n] for n in range(len(STORY) - 1) if n not in (which, which - 1))
