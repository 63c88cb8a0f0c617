"""The plan: every file of the inputs once, in order, in tasks that do not depend on who runs them."""

from __future__ import annotations

import gzip
import os
import pickle
import shutil
import tempfile
from pathlib import Path

import pytest

from corpus.plan import ChangedError, InputError, InputFile, check_fingerprint, plan
from corpus.readers import read


def fill(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def names(made):
    return [file.name for file in made.files]


def test_folders_are_walked_and_sorted_and_named_from_their_input(tmp_path):
    fill(tmp_path, b_dot_txt="2", a__z_dot_txt="1", a__b__c_dot_jsonl="{}", _dot_hidden="no")
    made = plan([str(tmp_path)])
    assert names(made) == ["a/b/c.jsonl", "a/z.txt", "b.txt"]
    assert made.notes == (f"{tmp_path}: 1 files or folders whose names begin with a dot were not read",)
    assert names(plan([str(tmp_path / "b.txt"), str(tmp_path / "a")])) == ["b.txt", "b/c.jsonl", "z.txt"]


def test_globs_name_files_from_where_the_pattern_begins(tmp_path):
    fill(tmp_path, a__x_dot_txt="1", a__y_dot_html="2", b__x_dot_txt="3")
    assert names(plan([str(tmp_path / "*" / "x.txt")])) == ["a/x.txt", "b/x.txt"]
    assert names(plan([str(tmp_path / "**" / "*.html")])) == ["a/y.html"]


def test_an_input_that_names_nothing_is_a_mistake_of_the_caller(tmp_path):
    for wrong in (str(tmp_path / "none"), str(tmp_path / "*.none"), "memory://none/at/all"):
        with pytest.raises(InputError, match=r"no such file|no file matches"):
            plan([wrong])
    with pytest.raises(InputError, match="s4://bucket/a: Protocol not known"):
        plan(["s4://bucket/a"])
    with pytest.raises(InputError, match="no input"):
        plan([])
    with pytest.raises(InputError, match=r"unknown format 'xml'; there are txt, html, jsonl"):
        plan([str(tmp_path)], format="xml")


def test_a_file_named_twice_is_read_once_and_names_that_meet_are_told_apart(tmp_path):
    fill(tmp_path, a__x_dot_txt="1", b__x_dot_txt="2")
    made = plan([str(tmp_path / "a"), str(tmp_path / "a" / "x.txt")])
    assert names(made) == ["x.txt"]
    assert "named twice" in made.notes[0]
    both = plan([str(tmp_path / "a"), str(tmp_path / "b")])
    assert names(both) == [str(tmp_path / "a" / "x.txt"), str(tmp_path / "b" / "x.txt")]


def test_links_that_loop_are_followed_once_and_noted(tmp_path):
    fill(tmp_path, a__x_dot_txt="1", b__y_dot_txt="2")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "b" / "over").symlink_to(tmp_path / "a")
    made = plan([str(tmp_path)])
    assert names(made) == ["a/x.txt", "b/y.txt"]
    assert len(made.notes) == 2
    assert all("leads back to a folder read already" in note for note in made.notes)


def test_a_link_out_of_the_folder_is_followed(tmp_path):
    fill(tmp_path, in__x_dot_txt="1", out__y_dot_txt="2")
    (tmp_path / "in" / "more").symlink_to(tmp_path / "out")
    assert names(plan([str(tmp_path / "in")])) == ["more/y.txt", "x.txt"]


def test_a_link_to_itself_is_a_problem_that_reading_tells(tmp_path):
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (file,) = plan([str(tmp_path)]).files
    assert file.problem == "the file cannot be opened: Too many levels of symbolic links"


def test_names_that_are_no_utf8_or_hold_the_locators_sign_are_escaped(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9 #1.txt")).write_text("One.")
    (file,) = plan([str(tmp_path)]).files
    assert file.name == "caf\\xe9 %231.txt"
    assert [one.source for one in read(plan([str(tmp_path)]).tasks[0].parts[0])] == ["caf\\xe9 %231.txt"]


def test_a_link_to_nowhere_is_a_problem_that_reading_tells(tmp_path):
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (file,) = plan([str(tmp_path)]).files
    assert file.problem == "the file cannot be opened: No such file or directory"


@pytest.fixture
def mortal():
    """A folder, and no right to read everything: containers often run their tests as root."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    shutil.rmtree(folder)


def test_without_permission_a_file_or_folder_is_a_problem_that_reading_tells(mortal):
    fill(mortal, a__x_dot_txt="1", b__y_dot_txt="2", c_dot_txt="3")
    for closed in ("a", "c.txt"):
        (mortal / closed).chmod(0)
    made = plan([str(mortal)])
    (mortal / "a").chmod(0o700)
    first, second, third = made.files
    found = [one for part in made.tasks[0].parts for one in read(part)]
    assert str(found[2]) == "c.txt: the file cannot be opened: Permission denied"
    assert third.problem == found[2].reason
    assert (first.name, first.problem) == ("a", "the folder cannot be opened: Permission denied")
    assert second.problem is None


@pytest.mark.parametrize(
    ("name", "content", "kind", "compression"),
    [
        ("a.jsonl", b"{}", "jsonl", None),
        ("a.NDJSON", b"{}", "jsonl", None),
        ("a.json.gz", gzip.compress(b"[]"), "json", "gz"),
        ("a.csv", gzip.compress(b"text\n"), "csv", "gz"),
        ("a.tsv", b"", "tsv", None),
        ("page.htm", b"no markup", "html", None),
        ("page", b"\n<!-- x -->\n<HTML>", "html", None),
        ("notes", b"Plain.", "txt", None),
        ("notes.2021", b"PAR1", "parquet", None),
        ("a.txt", b"WARC/1.0\r\n", "warc", None),
        ("a.warc.gz", gzip.compress(b"WARC/1.1\r\n"), "warc", "gz"),
        ("a.pdf", b"%PDF-1.7", "binary", None),
        ("a.txt", b"%PDF-1.7", "txt", None),
        ("wide", "Wide.".encode("utf-16"), "txt", None),
        ("a.gz", gzip.compress(b"Plain.")[:-4], "txt", "gz"),
    ],
)
def test_what_a_file_is(name, content, kind, compression, tmp_path):
    """Magic bytes for compression and containers, then the extension, then the content."""
    (tmp_path / name).write_bytes(content)
    (file,) = plan([str(tmp_path)]).files
    assert (file.format, file.compression) == (kind, compression)


def test_the_format_option_overrides(tmp_path):
    fill(tmp_path, a_dot_txt="{}")
    assert plan([str(tmp_path)], format="jsonl").files[0].format == "jsonl"
    assert plan(["-"], format="csv").files == (InputFile("-", "-", "csv"),)


def test_small_files_share_tasks_and_large_jsonl_is_cut(tmp_path):
    fill(tmp_path, **{f"f{i}_dot_txt": "x" * 40 for i in range(5)})
    (tmp_path / "big.jsonl").write_bytes(b"x" * 250)
    made = plan([str(tmp_path)], task_bytes=100)
    cut = [[(p.file.name, p.start, p.end) for p in task.parts] for task in made.tasks]
    assert cut == [
        [("big.jsonl", 0, 83)],
        [("big.jsonl", 83, 166)],
        [("big.jsonl", 166, None)],
        [("f0.txt", 0, None), ("f1.txt", 0, None)],
        [("f2.txt", 0, None), ("f3.txt", 0, None)],
        [("f4.txt", 0, None)],
    ]
    assert [task.index for task in made.tasks] == list(range(6))
    (tmp_path / "big.jsonl").write_bytes("x".encode("utf-16") * 100)
    assert len(plan([str(tmp_path)], task_bytes=100).tasks[0].parts) == 1  # its line ends are no single bytes
    few = plan([str(tmp_path)], task_documents=2)
    assert [len(task.parts) for task in few.tasks] == [3, 2, 1]


def test_the_plan_is_the_same_each_time_and_travels(tmp_path):
    fill(tmp_path, a_dot_txt="1", b_dot_jsonl="{}")
    made = plan([str(tmp_path)])
    assert plan([str(tmp_path)]) == made
    assert pickle.loads(pickle.dumps(made)) == made
    assert plan([str(tmp_path)], task_documents=1).hash == made.hash


def test_the_hash_tells_what_is_read_and_not_where_it_lies(tmp_path):
    for folder in ("one", "two"):
        fill(tmp_path / folder, a_dot_txt="1", b_dot_txt="2")
    one, two = (plan([str(tmp_path / folder)]) for folder in ("one", "two"))
    assert one.hash == two.hash
    fill(tmp_path / "two", b_dot_txt="3")
    assert plan([str(tmp_path / "two")]).hash != one.hash


def test_a_file_that_changed_is_named(tmp_path):
    fill(tmp_path, a_dot_txt="before", b_dot_txt="x" * 200_000)
    small, large = plan([str(tmp_path)]).files
    check_fingerprint(small)
    check_fingerprint(large)
    os.utime(small.path, ns=(1, 1))
    check_fingerprint(small)  # its bytes are all in the fingerprint
    (tmp_path / "a.txt").write_text("after!")
    with pytest.raises(ChangedError, match=r"a\.txt changed since the run was planned"):
        check_fingerprint(small)
    with (tmp_path / "b.txt").open("r+") as file:
        file.seek(100_000)
        file.write("y")
    os.utime(large.path, ns=(1, 1))
    with pytest.raises(ChangedError, match=r"b\.txt changed"):
        check_fingerprint(large)
    (tmp_path / "b.txt").unlink()
    with pytest.raises(ChangedError, match="cannot be opened now: No such file"):
        check_fingerprint(large)


def test_a_pipe_is_read_once_and_has_no_fingerprint(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (file,) = plan([str(tmp_path / "pipe")]).files
    assert (file.format, file.fingerprint) == (None, None)
    check_fingerprint(file)
    assert plan([str(tmp_path)]).files == ()
