"""Inputs and outputs in stores: what stands there is what a folder would hold, whatever is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fsspec
import pytest
from click.testing import CliRunner
from faultlab import Lab, content, finish, kill, wait_for

from corpus.cli import main

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("s3fs")
server = pytest.importorskip("moto.server")


def held(url: str) -> dict[str, bytes]:
    """Return all that a corpus in a store is, as `content` does of one in a folder."""
    filesystem, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
    names = [path.removeprefix(f"{root}/") for path in filesystem.find(root) if path.startswith(f"{root}/")]
    return {name: filesystem.cat_file(f"{root}/{name}") for name in sorted(names) if name != "README.md"}


def names(url: str, kind: str) -> list[str]:
    filesystem, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
    return [path for path in filesystem.find(root) if path.endswith(kind)]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("stores"))
    lab.fill(records=60)
    done = lab.run("local")
    assert done.status == 0, done.err
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def expected(lab):
    return content(lab.folder / "local")


@pytest.fixture(scope="module")
def bucket(lab):
    """An S3 server of this machine with the inputs in a bucket."""
    with pytest.MonkeyPatch.context() as patch:
        moto = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
        host, port = moto.get_host_and_port()
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        filesystem = fsspec.filesystem("s3")
        filesystem.mkdir("news")
        filesystem.put(str(lab.inputs), "news/", recursive=True)
        yield "s3://news"
        moto.stop()


@pytest.fixture
def out(bucket, request):
    return f"{bucket}/{request.node.name}"


def test_a_run_in_memory_is_one_in_a_folder(lab, expected):
    filesystem = fsspec.filesystem("memory")
    filesystem.put(str(lab.inputs), "/news/", recursive=True)
    usual = lab.command("memory://corpus", of="run")[-6:]
    command = ["run", "memory://news/in", "-o", "memory://corpus", *usual]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert held("memory://corpus") == expected
    assert "already complete" in CliRunner().invoke(main, command).output
    refused = CliRunner().invoke(main, [*command, "--keep-html"])
    assert refused.exit_code == 2
    assert held("memory://corpus") == expected
    look_at_it("memory://corpus", "memory://other", lab.folder / "local")
    filesystem.rm("/news", recursive=True)
    filesystem.rm("/corpus", recursive=True)
    filesystem.rm("/other", recursive=True)


def look_at_it(url: str, other: str, local: Path) -> None:
    """Every other command does with a corpus in a store what it does with one in a folder."""
    for what in (
        ["verify"],
        ["restore", "--id", "0.jsonl-7"],
        ["explain", "--find", "opened by"],
        ["explain", "--json"],
    ):
        there, here = (copydesk(what[0], corpus, *what[1:]) for corpus in (url, local))
        assert there == here.replace(str(local), url)
    assert "180 documents" in copydesk("diff", url, local)
    assert f"{url}/report.html: and" in copydesk("report", url)
    copydesk("duplicates", url)
    assert "already complete" in copydesk("duplicates", url)
    copydesk("deduplicate", url, "-o", other)
    assert "0 faults" in copydesk("verify", other)
    there = names(url, "")
    assert any(name.endswith("/report.html") for name in there)
    assert any("/report-documents/" in name for name in there)
    refused = CliRunner().invoke(main, ["deduplicate", url, "-o", other])
    assert (refused.exit_code, refused.output.count("\n")) == (3, 1)
    missing = CliRunner().invoke(main, ["verify", f"{url}-not"])
    assert (missing.exit_code, missing.output.count("\n")) == (3, 1)
    assert f"{url}-not holds no corpus" in missing.output


def copydesk(*arguments: object) -> str:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("command", ["run", "verify", "report", "explain", "merge"])
def test_a_store_that_cannot_be_opened_is_said(lab, command):
    """Of an unknown scheme, or one whose package is not installed."""
    arguments = [lab.inputs, "-o", "nowhere://corpus"] if command == "run" else ["nowhere://corpus"]
    done = CliRunner().invoke(main, [command, *map(str, arguments)])
    assert (done.exit_code, done.output.count("\n")) == (2 if command == "explain" else 3, 1)
    assert "nowhere" in done.output


def test_a_killed_run_in_s3_goes_on_to_the_same_bytes(lab, expected, bucket, out):
    process = lab.start(out, inputs=f"{bucket}/in")
    wait_for(lambda: len(names(f"{out}/.work", "json")) >= 2 or process.poll() is not None)
    kill(process.pid)
    finish(process)
    assert "manifest.json" not in held(out)
    done = lab.run(out, inputs=f"{bucket}/in")
    assert done.status == 0, done.err
    assert "resumed" in done.out
    assert held(out) == expected
    assert "0 faults" in copydesk("verify", out)


@pytest.mark.thorough
def test_parts_in_s3_are_merged_to_the_same_bytes(lab, expected, bucket, out):
    parts = [lab.start(out, "--task", f"{n}/2", inputs=f"{bucket}/in") for n in (1, 2)]
    assert [finish(part).status for part in parts] == [0, 0]
    merged = lab.run(out, of="merge")
    assert merged.status == 0, merged.err
    assert held(out) == expected


@pytest.mark.thorough
def test_runs_that_begin_together_in_s3_end_in_one_corpus(lab, expected, bucket, out):
    done = [finish(process) for process in [lab.start(out, inputs=f"{bucket}/in") for _ in range(3)]]
    assert [one.status for one in done] == [0, 0, 0], [one.err for one in done]
    assert held(out) == expected


@pytest.mark.thorough
def test_another_plan_in_s3_is_refused_and_overwrites_when_told(lab, bucket, out):
    assert lab.run(out, inputs=f"{bucket}/in").status == 0
    before = held(out)
    assert lab.run(out, "--keep-html", inputs=f"{bucket}/in").status == 2
    assert held(out) == before
    assert lab.run(out, "--partition", "language", "--overwrite", inputs=f"{bucket}/in").status == 0
    assert all("/lang=" in name for name in held(out) if name.startswith("data/"))


@pytest.mark.thorough
def test_a_bucket_that_is_not_there_is_said(lab, bucket):
    done = lab.run("s3://no-such-bucket/corpus", inputs=f"{bucket}/in")
    assert (done.status, len(done.err.strip().splitlines())) == (3, 1)


@pytest.mark.thorough
def test_the_other_commands_look_at_a_corpus_in_s3(lab, bucket, out):
    assert lab.run(out, inputs=f"{bucket}/in").status == 0
    look_at_it(out, f"{out}-other", lab.folder / "local")
