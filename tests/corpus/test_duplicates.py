"""Duplicates: copies found, other stories left alone, the same clusters for any order and number of shards."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import date
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from near_duplicates import EVENTS, Made, edit, local, make

from corpus.cli import main
from corpus.duplicates import find_duplicates, stages
from corpus.duplicates.shingles import NUMBER, QUOTED, shingle
from corpus.duplicates.signatures import Rarity, bands
from corpus.duplicates.store import claimed, open_store
from corpus.verify import CorpusError
from corpus.writer import hash_file

DAY = date(2017, 12, 27)
WIRE = {event["event"]: "\n\n".join(event["wire"]) for event in EVENTS}


def corpus(out, documents, shards=1):
    """Write what of a corpus is read: `documents` have id, text and perhaps published and site."""
    (out / "data").mkdir(parents=True)
    rows = [
        {
            "id": d["id"],
            "source": f"in.jsonl#{d['id']}",
            "site": d.get("site"),
            "published": d.get("published"),
            "text": d["text"],
        }
        for d in documents
    ]
    frame = pl.DataFrame(
        rows, schema={"id": pl.String, "source": pl.String, "site": pl.String, "published": pl.Date, "text": pl.String}
    )
    height = max(1, -(-frame.height // shards))
    listed = []
    for number in range(shards):
        name = f"data/part-{number:05d}-of-{shards:05d}.parquet"
        frame.slice(number * height, height).write_parquet(out / name)
        listed.append({"file": name, "sha256": hash_file(out / name)})
    (out / "manifest.json").write_text(json.dumps({"shards": listed, "account": {}}))
    return out


def found(out, name="documents"):
    find_duplicates(out)
    return pl.read_parquet(out / "duplicates" / f"{name}.parquet")


def clusters(frame):
    return dict(frame.select("id", "cluster").iter_rows())


def documents(made: list[Made]):
    return [{"id": each.id, "text": each.text} for each in made]


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_precision_and_recall_on_the_labelled_set(tmp_path, seed):
    made = make(seed)
    story = {each.id: each.story for each in made}
    cluster = clusters(found(corpus(tmp_path / "out", documents(made))))
    gold = {pair for pair in combinations(sorted(story), 2) if story[pair[0]] == story[pair[1]]}
    joined = {pair for pair in combinations(sorted(cluster), 2) if cluster[pair[0]] == cluster[pair[1]]}
    right = len(gold & joined)
    assert right / len(joined) >= 0.97
    assert right / len(gold) >= 0.93
    apart = [p for p in joined - gold if not p[0].startswith("brief")]
    assert apart == [], "reports of one event that are no copies, and translations, stay apart"


def test_the_same_clusters_for_any_order_and_number_of_shards(tmp_path):
    made = documents(make(7))
    first = found(corpus(tmp_path / "one", made))
    rng = random.Random(1)
    for shards in (2, 7):
        rng.shuffle(made)
        again = found(corpus(tmp_path / f"of-{shards}", made, shards))
        assert again.equals(first)
        assert (tmp_path / f"of-{shards}/duplicates/documents.parquet").read_bytes() == (
            tmp_path / "one/duplicates/documents.parquet"
        ).read_bytes()


def test_the_first_is_the_earliest_published_then_by_source(tmp_path):
    text = WIRE["ferry"]
    out = corpus(
        tmp_path / "out",
        [
            {"id": "undated", "text": text},
            {"id": "b", "text": text + " More.", "published": DAY},
            {"id": "a", "text": text.upper(), "published": DAY},
            {"id": "late", "text": text, "published": DAY.replace(year=2018)},
        ],
    )
    rows = found(out).rows(named=True)
    assert [(r["id"], r["duplicate_of"], r["kind"]) for r in rows] == [
        ("a", None, "first"),
        ("b", "a", "near"),
        ("late", "a", "exact"),
        ("undated", "a", "exact"),
    ]
    assert {row["cluster"] for row in rows} == {0}
    assert [row["score"] for row in rows] == [None, 1.0, 1.0, 1.0]


def test_a_copy_of_a_near_copy_belongs_to_its_cluster(tmp_path):
    edited = WIRE["quake"] + "\n\nThe Belsk Herald adds a paragraph of its own to the story of the night."
    out = corpus(
        tmp_path / "out", [{"id": n, "text": t} for n, t in (("1", WIRE["quake"]), ("2", edited), ("3", edited))]
    )
    assert clusters(found(out)) == {"1": 0, "2": 0, "3": 0}


def test_a_story_with_many_copies_is_found_though_none_of_its_words_are_rare(tmp_path):
    rng = random.Random(3)
    paragraphs = EVENTS[0]["wire"]
    copies = [{"id": f"{n:02d}", "text": "\n\n".join(local(edit(paragraphs, rng, 0.01), rng))} for n in range(60)]
    others = [{"id": event, "text": text} for event, text in WIRE.items() if event != "ferry"]
    sizes = Counter(clusters(found(corpus(tmp_path / "out", copies + others))).values())
    assert max(sizes.values()) >= 57


def test_quotations_make_no_duplicates(tmp_path):
    quote = " ".join(f"word{n} that was said by the minister in the house" for n in range(8))
    out = corpus(
        tmp_path / "out",
        [
            {
                "id": "1",
                "text": f"The minister spoke for a long time on Monday before an empty house.\n\n“{quote}”\n\nNobody clapped when she sat down, and the bell rang.",
            },
            {
                "id": "2",
                "text": f"Critics called Monday's speech a disgrace and asked for a vote.\n\n“{quote},” she had told them.\n\nThe motion will be put before the chamber next week, they wrote.",
            },
        ],
    )
    assert found(out).height == 0


def test_short_and_empty_texts_are_only_compared_for_being_the_same(tmp_path):
    texts = ["", "", "A short note.", "A short note!", "Another short note.", "— …"]
    out = corpus(tmp_path / "out", [{"id": str(n), "text": text} for n, text in enumerate(texts)])
    assert clusters(found(out)) == {"2": 0, "3": 0}


def test_passages_that_a_site_repeats(tmp_path):
    notice = (
        "Sign up for our letter of the week and never miss a story from the quay and the hills behind it, they say."
    )
    rows = [{"id": str(n), "site": "a.example", "text": f"{text}\n\n{notice}"} for n, text in enumerate(WIRE.values())]
    rows.append({"id": "copy", "site": "a.example", "text": rows[0]["text"].upper()})
    rows.append({"id": "elsewhere", "site": "b.example", "text": notice})
    frame = found(corpus(tmp_path / "out", rows), "passages")
    texts = {row["id"]: row["text"] for row in rows}
    assert frame["id"].to_list() == [str(n) for n in range(len(WIRE))]
    assert frame["duplicate_of"].to_list() == [None, *["0"] * (len(WIRE) - 1)]
    assert set(frame["kind"]) == {"paragraph"}
    assert {texts[r["id"]][r["start"] : r["end"]] for r in frame.rows(named=True)} == {notice.rstrip(".")}


def test_data_is_not_touched_and_a_second_call_finds_the_result(tmp_path):
    out = corpus(tmp_path / "out", documents(make(7)), 3)
    before = {path: path.read_bytes() for path in (out / "data").iterdir()}
    first = find_duplicates(out)
    assert not first.already_complete
    assert find_duplicates(out).already_complete
    assert {path: path.read_bytes() for path in (out / "data").iterdir()} == before
    assert sorted(path.name for path in (out / "duplicates").iterdir()) == [
        "documents.parquet",
        "passages.parquet",
        "summary.json",
    ]


def test_a_stopped_search_goes_on_where_it_was(tmp_path, monkeypatch):
    out = corpus(tmp_path / "out", documents(make(7)), 3)
    whole = found(corpus(tmp_path / "whole", documents(make(7)), 3))
    with monkeypatch.context() as broken:
        broken.setattr(stages, "find_candidates", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            find_duplicates(out)
    stamps = {path: path.stat().st_mtime_ns for path in (out / "duplicates/.work").glob("*.parquet")}
    assert len(stamps) == 10, "shingles, lines and bands of three shards, and the names"
    read = []
    monkeypatch.setattr(stages, "shingle", read.append)
    assert found(out).equals(whole)
    assert read == []


@pytest.mark.parametrize("part", ["names", "shingles-00003", "bands-00002"])
def test_a_killed_search_goes_on_where_it_was(tmp_path, part):
    made = documents(make(7))
    found(corpus(tmp_path / "whole", made, 12))
    out = corpus(tmp_path / "out", made, 12)
    command = [sys.executable, "-m", "corpus", "duplicates", str(out)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    written = out / f"duplicates/.work/{part}.parquet"
    while not written.exists() and running.poll() is None:
        time.sleep(0.001)
    running.kill()
    assert running.wait() == -signal.SIGKILL
    assert not (out / "duplicates/summary.json").exists()
    again = subprocess.run(command, capture_output=True, check=True)
    assert b"already" not in again.stdout
    for name in ("documents", "passages"):
        whole = (tmp_path / f"whole/duplicates/{name}.parquet").read_bytes()
        assert (out / f"duplicates/{name}.parquet").read_bytes() == whole


def test_progress_is_told_on_a_terminal_and_not_in_a_pipe(tmp_path):
    command = [sys.executable, "-m", "corpus", "duplicates"]
    piped = subprocess.run(
        [*command, str(corpus(tmp_path / "piped", documents(make(7))))], check=False, capture_output=True
    )
    assert (piped.returncode, piped.stderr) == (0, b"")
    terminal, theirs = os.openpty()
    shown = corpus(tmp_path / "shown", documents(make(7)), 3)
    running = subprocess.Popen([*command, str(shown)], stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    told = b""
    with suppress(OSError):  # Linux tells so that the other end was closed
        while piece := os.read(terminal, 1 << 16):
            told += piece
    os.close(terminal)
    assert running.wait() == 0
    assert b"\rreading shards: 3 of 3" in told
    assert b"\rlooking for pairs in bands: 125 of 125" in told
    assert told.endswith(b"\r\x1b[K"), "the line is cleared"


def test_two_searches_at_once_are_refused(tmp_path):
    out = corpus(tmp_path / "out", documents(make(7)))
    with claimed(open_store(out)), pytest.raises(CorpusError, match="another search"):
        find_duplicates(out)
    assert not find_duplicates(out).already_complete


def test_stories_without_spaces_between_words_are_compared_by_longer_runs(tmp_path):
    rng = random.Random(2)
    phrases = [
        "市政府",
        "昨天",
        "宣布",
        "新的",
        "渡轮",
        "将于",
        "明年",
        "春天",
        "投入",
        "使用",
        "居民",
        "表示",
        "欢迎",
        "但是",
        "费用",
        "太高",
    ]
    stories = ["".join(rng.choice(phrases) for _ in range(120)) for _ in range(40)]
    copies = [story[:150] + "记者补充报道" + story[200:] for story in stories[:10]]
    rows = [{"id": str(n), "text": text} for n, text in enumerate(stories + copies)]
    cluster = clusters(found(corpus(tmp_path / "out", rows)))
    assert all(cluster[str(n)] == cluster[str(40 + n)] for n in range(10))
    assert len(cluster) == 20


def test_parts_of_another_corpus_are_not_used(tmp_path):
    out = corpus(tmp_path / "out", documents(make(7)))
    work = out / "duplicates/.work"
    work.mkdir(parents=True)
    (work / "key").write_text("another")
    (work / "shingles-00000.parquet").write_text("of another corpus")
    assert find_duplicates(out).clusters >= len(EVENTS)


def test_a_folder_that_is_no_corpus_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="no corpus"):
        find_duplicates(tmp_path)


def test_an_empty_corpus_has_no_duplicates(tmp_path):
    out = corpus(tmp_path / "out", [])
    assert found(out).height == 0
    assert found(out, "passages").height == 0


def shingles_of(text):
    """Return the shingles of a text, slowly: its words, whether only quoted, whether with a digit."""
    words = []
    for number, line in enumerate(text.split("\n")):
        quoted = False
        for token in re.findall(r'["“”„«»]|[^\W_]+', line):
            if token in '"“”„«»':
                quoted = not quoted
            else:
                words.append((token.lower(), quoted, number))
    found = {}
    for three in zip(words, words[1:], words[2:], strict=False):
        key = tuple(word for word, _, _ in three)
        found[key] = found.get(key, True) and three[1][1]
    return Counter((quoted, any(c in "0123456789" for word in key for c in word)) for key, quoted in found.items())


@pytest.mark.parametrize("event", WIRE)
def test_shingles_equal_a_slow_oracle(event):
    values = shingle([WIRE[event]]).values
    bits = Counter((bool(value & QUOTED), bool(value & NUMBER)) for value in values)
    assert bits == shingles_of(WIRE[event])


def test_shingles_do_not_depend_on_what_stands_beside():
    texts = [*WIRE.values(), "", "東京は雨。明日も雨。", "One two three"]
    together = shingle(texts)
    for n, text in enumerate(texts):
        alone = shingle([text])
        assert together.values[together.edges[n] : together.edges[n + 1]].tolist() == alone.values.tolist()
        assert together.exact[n].tolist() == alone.exact[0].tolist()
    assert len(set(map(tuple, together.exact))) == len(texts)
    assert together.exact[texts.index("")].tolist() == [0, 0]


def test_bands_agree_as_often_as_theory_says():
    rng = np.random.default_rng(5)
    pool = rng.integers(0, 1 << 32, 400, np.uint64).astype(np.uint32)
    shared, other = pool[:200], rng.integers(0, 1 << 32, 200, np.uint64).astype(np.uint32)
    values = np.concatenate([pool, shared, other])
    keys = bands(values, np.array([0, 400, 800]), 2000, 3)
    jaccard = 200 / 600
    assert abs((keys[:, 0] == keys[:, 1]).mean() - jaccard**3) < 0.02


def test_common_shingles_are_no_rare_ones():
    rarity = Rarity(1000)
    documents, edges = np.tile(np.array([1 << 30, 5 << 28], np.uint32), 300), np.arange(0, 601, 2)
    rarity.add(documents, edges)
    rarity.add(np.array([7 << 28], np.uint32), np.array([0, 1]))
    assert rarity.rare(np.array([1 << 30, 7 << 28, 9 << 28], np.uint32)).tolist() == [False, True, True]


def test_the_command_finds_copies_and_writes_a_corpus_without_them(tmp_path):
    rows = [{"id": each.id, "text": each.text} for each in make(7)]
    rows.append({"id": "again", "text": rows[0]["text"]})
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    out, new = str(tmp_path / "out"), str(tmp_path / "new")

    def copydesk(*arguments):
        return CliRunner().invoke(main, arguments)

    assert copydesk("run", str(tmp_path / "in.jsonl"), "-o", out).exit_code == 0
    refused = copydesk("deduplicate", out, "-o", new)
    assert refused.exit_code == 3
    assert "copydesk duplicates" in refused.output
    counts = json.loads(copydesk("duplicates", out, "--json").output)
    assert counts["exact"] >= 1
    assert "already complete" in copydesk("duplicates", out).output
    done = copydesk("deduplicate", out, "-o", new)
    assert done.exit_code == 0, done.output
    assert copydesk("verify", new).exit_code == 0
    assert copydesk("verify", out).exit_code == 0
    kept = pl.read_parquet(tmp_path / "new/data/*.parquet")
    assert kept.height == len(rows) - counts["exact"] - counts["near"]
    account = json.loads((tmp_path / "new/manifest.json").read_text())["account"]
    assert account["dropped"] == {"duplicate: exact": counts["exact"], "duplicate: near": counts["near"]}
    assert copydesk("deduplicate", out, "-o", new).output == done.output
    assert copydesk("deduplicate", out, "-o", out).exit_code == 3
    only = copydesk("deduplicate", out, "-o", str(tmp_path / "exact"), "--kind", "exact")
    assert f"{len(rows) - counts['exact']:,} rows" in only.output
