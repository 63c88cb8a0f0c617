"""`copydesk explain`: what each step did to one document, and why."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.commands.common import (
    FAILED,
    USAGE,
    complete_presets,
    complete_rules,
    configured,
    fail,
    or_fail,
    planned,
    read_options,
    write_page,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.config import Config
    from corpus.document import Document
    from corpus.explain import Explanation


@click.command()
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--record", metavar="ID", help="The document to explain, by id or place. [default: the first]")
@click.option(
    "--find", "words", metavar="WORDS", help="The first document in which these words were touched, and by what."
)
@click.option(
    "--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write a page to look at in a browser."
)
@click.option("--preset", shell_complete=complete_presets, help="As for run.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="As for run.")
@click.option("--disable", multiple=True, metavar="RULE", shell_complete=complete_rules, help="As for run.")
@click.option(
    "--furniture",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="As for run.",
)
@click.option("--format", "format_", help="As for run.")
@click.option("--json", "as_json", is_flag=True, help="Print changes, facts and text as JSON.")
def explain(
    file: str,
    record: str | None,
    words: str | None,
    page: Path | None,
    preset: str | None,
    config: Path | None,
    disable: tuple[str, ...],
    furniture: Path | None,
    format_: str | None,
    as_json: bool,
) -> None:
    """Show what each step did to one document of FILE, and why.

    FILE is what run reads (- for standard input), or a corpus that run wrote.

    \b
    Why is a sentence missing?
      copydesk explain pages/ --find "The ferry sailed"
    Is it better without that rule?
      copydesk explain pages/ --find "The ferry sailed" --disable strip_captions:line
    Look at a document of a corpus in a browser:
      copydesk explain OUT --record ID --html page.html
    """
    from corpus.explain import to_plain  # noqa: PLC0415
    from corpus.terminal import tell_explanation, tell_search  # noqa: PLC0415

    if words is not None and not words.strip():
        fail("--find needs words to look for", USAGE)
    if _is_corpus(file):
        if preset or config or disable or furniture or format_:
            fail(
                f"{file} is a corpus: it shows what its run did; to try other options, explain its input with them",
                USAGE,
            )
        found = _of_corpus(file, record, words)
    else:
        found = _of_input(file, record, words, format_, configured(config, preset, disable, furniture))
    if page is not None:
        from corpus.pages.document import render_explanation  # noqa: PLC0415

        write_page(page, render_explanation(found, words=words or ""))
        click.echo(f"{page}: {len(found.changes):,} changes and {len(found.facts):,} facts of {found.id}")
        return
    if as_json:
        plain = json.dumps(to_plain(found if words is None else found.near(words)), ensure_ascii=False)
        # A lone surrogate is written as JSON escapes it.
        sys.stdout.buffer.write(plain.encode("utf-8", "backslashreplace") + b"\n")
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    told = tell_explanation(found, width=width) if words is None else tell_search(found, words, width=width)
    for line in told:
        click.echo(line)


def _is_corpus(file: str) -> bool:
    from corpus.outputs import open_output  # noqa: PLC0415

    if file.startswith(("http://", "https://")):  # where nobody writes
        return False
    try:
        return open_output(file).read("manifest.json") is not None
    except OSError:  # reading it will say so
        return False


def _of_corpus(corpus: str, record: str | None, words: str | None) -> Explanation:
    from corpus.explain import explain_row, first_touched  # noqa: PLC0415
    from corpus.look import find_documents, tell_missing  # noqa: PLC0415

    documents = map(explain_row, find_documents(corpus, record, words))
    found = or_fail(lambda: next(documents, None) if words is None else first_touched(documents, words))
    if found is None:
        fail(tell_missing(corpus, record, words), FAILED)
    return found


def _of_input(file: str, record: str | None, words: str | None, format_: str | None, chosen: Config) -> Explanation:
    from corpus.explain import explain_document, find_words, first_touched  # noqa: PLC0415

    problems: list[str] = []
    outside: list[str] = []
    pipeline = chosen.pipeline()

    def explained() -> Iterator[Explanation]:
        for document in _documents(file, record, format_, problems, decode_all=chosen.preset == "decode"):
            if words is None or find_words(document.text, words):
                yield explain_document(document, pipeline.run(document.text, document.facts))
            elif not outside:
                outside.extend(_outside(document, words))

    found = next(explained(), None) if words is None else first_touched(explained(), words)
    if found is None:
        missing = f"document has the words {words!r}" if words else f"record {record!r}" if record else "record in it"
        fail(next(iter(outside + problems), f"{file}: no {missing}"), FAILED)
    return found


def _outside(document: Document, words: str) -> Iterator[str]:
    """Say where in a page `words` stand outside its story."""
    from corpus.look import find_outside  # noqa: PLC0415

    where = find_outside(document.record.body, words) if document.record.form == "html" else None
    if where is not None:
        yield (
            f"{document.record.source}: {words!r} stands in {where}, which was not taken for the story; no rule cut it."
            " To keep such passages, take the text out of the page yourself and give it as a record's `text`"
        )


def _documents(
    file: str, record: str | None, format_: str | None, problems: list[str], *, decode_all: bool
) -> Iterator[Document]:
    """Yield the documents of `file` that answer to `record`; why one was rejected goes to `problems`."""
    from corpus.document import open_record  # noqa: PLC0415
    from corpus.readers import Record, read  # noqa: PLC0415

    reading = read_options("auto", 64 << 20, decode_all=decode_all)
    plan = planned((file,), format_, decode_all=decode_all, one_task=False)
    for item in (item for task in plan.tasks for part in task.parts for item in read(part, reading)):
        if not isinstance(item, Record):
            if record is None or record in {item.record, f"{item.file}#{item.record}"}:
                problems.append(str(item))
            continue
        document = open_record(item)
        if record is None or record in {document.id, item.source, item.source.partition("#")[2]}:
            yield document
