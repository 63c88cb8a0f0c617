"""The pages in a real browser: they load without a word of complaint, can be walked, searched, toggled, and are accessible.

Run where Chromium is found; with COPYDESK_BROWSER=required they fail where it is not.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.cli import main
from corpus.explain import Explanation, Fact
from corpus.pages.document import render_explanation
from normalize import Change

SAMPLES = Path(__file__).parents[2] / "scripts" / "samples"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SIZES = {"desktop": (1280, 850, "light"), "phone": (390, 800, "dark")}
STORY = (
    "Share on Facebook\n\nSEOUL, Nov. 24 (Yonhap) -- The  crew will land at 4:20 a.m. Wednesday (2:20 p.m. Tuesday in New York).\n\nIt rained.\n\n"
    "A dive was made in 1987. The capsule opens in Busan at noon local time on Thursday.\n\nSign up for our newsletter\n"
)
HOSTILE = (
    "<script>window.pwned = 1</script>\x00 A\u202eevil\u202c text & more.\n\nShare\n\nRead more: <img src=x onerror=window.pwned=2>\n\n"
    "</script><!-- \u200b<b onmouseover=window.pwned=3>bold</b>  two\n"
)


def copydesk(*arguments: object) -> None:
    done = CliRunner().invoke(main, [str(a) for a in arguments])
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every kind of page: of documents in several scripts, a hostile one, a report, a difference."""
    folder = tmp_path_factory.mktemp("pages")
    records = [
        {"id": "story", "title": "Capsule back", "date": "2020-11-24T09:00:00Z", "site": "example.org", "text": STORY},
        {
            "id": "<i>x</i>",
            "title": "</title><script>window.pwned = 4</script>",
            "url": "javascript:1",
            "text": HOSTILE,
        },
    ]
    lines = folder / "in.jsonl"
    lines.write_text("".join(json.dumps(record) + "\n" for record in records))
    copydesk("explain", lines, "--html", folder / "story.html")
    copydesk("explain", lines, "--record", "<i>x</i>", "--html", folder / "hostile.html")
    for name in ("ar-afp", "ja-kyodo"):
        copydesk("explain", SAMPLES / "world" / f"{name}.txt", "--html", folder / f"{name}.html")
    copydesk("run", SAMPLES, lines, "-o", folder / "one")
    copydesk("run", SAMPLES, lines, "-o", folder / "two", "--disable", "strip_furniture")
    copydesk("duplicates", folder / "one")
    copydesk("report", folder / "one", "-o", folder / "report.html")
    copydesk("diff", folder / "one", folder / "two", "--html", folder / "diff.html")
    return folder


NAMES = ("story", "hostile", "ar-afp", "ja-kyodo", "report", "diff")


@pytest.fixture(scope="module")
def browser():
    if os.environ.get("COPYDESK_BROWSER") != "required":
        pytest.importorskip("playwright")
        if BROWSER is None:
            pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    assert BROWSER, "COPYDESK_BROWSER=required, but there is no Chromium"
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield found
        found.close()


@pytest.fixture
def visit(browser, pages):
    """Return a function that opens a page; at the end nothing may have been said, asked for or run."""
    opened, heard = [], []

    def open_page(name: str, size: str = "desktop"):
        width, height, scheme = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.on("console", lambda message: heard.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "request", lambda asked: asked.url.startswith(("file:", "data:")) or heard.append(f"asked: {asked.url}")
        )
        page.goto((pages / name.partition("#")[0]).as_uri() + "".join(name.partition("#")[1:]))
        opened.append(page)
        return page

    yield open_page
    assert all(page.evaluate("window.pwned") is None for page in opened)
    for page in opened:
        page.close()
    assert heard == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_accessible_and_fits_its_screen(visit, name, size):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(f"{name}.html", size)
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


def test_the_changes_are_walked_by_keyboard(visit):
    page = visit("story.html")
    total = page.evaluate("JSON.parse(document.getElementById('data').textContent).changes.length")
    assert total >= 4
    for key, told in [("n", 1), ("j", 2), ("ArrowRight", 3), ("p", 2), ("k", 1), ("ArrowLeft", total), ("n", 1)]:
        page.keyboard.press(key)
        assert page.inner_text("#count") == f"{told} of {total}"
        marked = page.locator(f'.change[data-c="{told - 1}"]')
        assert all("current" in mark.get_attribute("class") for mark in marked.all())
    assert page.inner_text("#detail").startswith(f"1 of {total} · strip_furniture:share")
    assert page.locator(".left .change.current").is_visible()


def test_hovering_tells_and_clicking_goes(visit):
    page = visit("story.html")
    page.locator("del.change", has_text="SEOUL").hover()
    assert "strip_dateline" in page.inner_text("#detail")
    page.locator("del.change", has_text="newsletter").click()
    assert "strip_furniture:newsletter" in page.inner_text("#detail")


def test_a_step_toggled_off_is_neither_coloured_nor_walked(visit):
    page = visit("story.html")
    page.locator('[data-toggle="strip_furniture"]').uncheck()
    assert page.locator(".change.off").count() == page.locator('.change[data-step="strip_furniture"]').count() > 0
    page.keyboard.press("n")
    assert "strip_furniture" not in page.inner_text("#detail")
    page.locator('[data-toggle="strip_furniture"]').check()
    assert page.locator(".change.off").count() == 0


def test_search_finds_what_went_and_what_stayed(visit):
    page = visit("story.html")
    page.keyboard.press("/")
    page.keyboard.type("noon local")
    assert page.inner_text("#hits") == "1 line"
    assert "Busan" in page.locator(".row.hit").inner_text()
    assert page.evaluate("CSS.highlights.get('found').size") == 2  # on both sides
    page.keyboard.press("Enter")
    assert page.inner_text("#hits") == "1 of 1"
    assert page.inner_text("#count").endswith(" changes"), "letters typed into the search walk nothing"
    page.fill("#search", "NEWSLETTER")
    assert page.inner_text("#hits") == "1 line"
    page.keyboard.press("Escape")
    assert page.locator(".row.hit").count() == 0


def test_a_time_leads_to_its_words(visit):
    page = visit("story.html")
    assert "America/New_York" in page.inner_text(".timeline")
    page.locator(".lane", has_text="2:20 p.m.").locator("button").click()
    assert page.locator(".left .fact.current").inner_text() == "2:20 p.m. Tuesday"


def test_light_becomes_dark(visit):
    page = visit("story.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.click("#theme")
    assert page.evaluate(ground) != before
    page.click("#theme")
    assert page.evaluate(ground) == before


def test_only_changed_lines_and_one_column(visit):
    page = visit("story.html")
    unchanged = page.locator(".row", has_text="It rained.").first
    assert unchanged.is_visible()
    page.check("#narrow")
    assert not unchanged.is_visible()
    page.check("#unified")
    assert page.locator(".right >> visible=true").count() == 0


def test_a_phone_shows_one_column_with_both_what_went_and_what_came(visit):
    page = visit("story.html", "phone")
    assert page.locator(".right >> visible=true").count() == 0
    assert page.locator(".left ins >> visible=true").count() == page.locator(".left ins").count()


def test_hostile_text_is_shown_and_never_run(visit):
    page = visit("hostile.html")
    assert page.title().startswith("</title><script>")
    assert "<script>window.pwned = 1</script>" in page.inner_text("#texts")
    assert page.locator("#texts script, #texts img, #texts b").count() == 0
    seen = set(page.locator("#texts .unseen").all_inner_texts())
    assert {"U+0000", "U+202E", "U+200B"} <= seen


def test_right_to_left_is_set_right(visit):
    page = visit("ar-afp.html")
    directions = page.evaluate(
        "[...document.querySelectorAll('.left')].map((cell) => getComputedStyle(cell).direction)"
    )
    assert set(directions) == {"rtl"}
    assert page.evaluate("document.getElementById('texts').lang") == "ar"
    left, right = (page.locator(f".{side}").first.bounding_box() for side in ("left", "right"))
    assert left["x"] < right["x"]


def test_the_report_draws_its_plots_and_finds_a_rule(visit):
    page = visit("report.html")
    assert page.locator(".plot canvas").count() == 1 + page.locator(".signal").count() > 40
    page.fill("#search", "strip_dateline")
    assert page.locator("#ruletable tbody tr >> visible=true").count() == 1
    page.click("#theme")
    assert page.locator(".plot canvas").count() == 1 + page.locator(".signal").count()


def test_a_sample_leads_to_its_change_and_back(visit):
    page = visit("report.html")
    page.locator("#ruletable tr", has_text="strip_dateline").locator("a").first.click()
    page.wait_for_selector(".change.current")
    assert "strip_dateline" in page.inner_text("#detail")
    page.click(".back a")
    page.wait_for_selector("#ruletable")


def test_a_difference_shows_its_rules(visit):
    page = visit("diff.html")
    assert page.locator("#ruletable tr", has_text="strip_furniture").count() > 3
    page.fill("#search", "strip_furniture:share")
    assert page.locator("#ruletable tbody tr >> visible=true").count() == 1


def test_a_text_no_pipeline_made_is_shown_too(browser, tmp_path):
    """Lone surrogates, changes without an author, an empty document, a fact over all of it."""
    source = "a\ud800b\udfff\ufffe"
    changes = (Change(0, 1, "a", "\ud800", (), None), Change(2, 3, "b", "", ("gone:rule",), 0.5))
    whole = Explanation(
        "\ud800",
        "p",
        source,
        "",
        changes,
        (Fact("time", 0, 5, "\udc00", {"begin": "9999-12-31T00:00:00+00:00", "end_at": "9999-12-31T23:00:00+00:00"}),),
        {"title": "\ud800"},
    )
    for found in (whole, Explanation("", "", "", "", (), (), {})):
        path = tmp_path / "page.html"
        path.write_text(render_explanation(found), encoding="utf-8")
        page = browser.new_page()
        faults = []
        page.on("pageerror", lambda error, faults=faults: faults.append(error))
        page.goto(path.as_uri())
        page.keyboard.press("n")
        assert faults == []
        page.close()
