"""The command `copydesk`."""

from __future__ import annotations

import signal
import traceback

import click

from corpus.commands.common import FAILED, fail
from corpus.commands.completion import completion
from corpus.commands.duplicates import deduplicate, duplicates
from corpus.commands.explain import explain
from corpus.commands.learn import learn
from corpus.commands.look import diff, restore, verify
from corpus.commands.report import report
from corpus.commands.review import review
from corpus.commands.run import merge, run


class _Commands(click.Group):
    """The commands, in the order in which they are used; what goes wrong unforeseen ends in status 3, never in Python's 1, which means rejects."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click knows what to do
        except KeyboardInterrupt:
            fail("interrupted", 128 + signal.SIGINT)
        except OSError as error:
            fail(f"{error.filename or 'the system says'}: {error.strerror or error}", FAILED)
        except Exception as error:  # noqa: BLE001 (the outermost boundary)
            traceback.print_exc()
            fail(f"this is a defect of copydesk: {type(error).__name__}: {error}", FAILED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="copydesk")
def main() -> None:
    """Turn scraped news text into a clean, dated, placed, traceable Parquet corpus in which nothing is lost.

    \b
    Clean a folder of pages, JSONL, CSV, Parquet or WARC:
      copydesk run pages/ -o corpus-out
    Look at all of it, in a browser:
      copydesk report corpus-out
    Why is a sentence missing?
      copydesk explain corpus-out --find "some of its words"
    What would it be without that rule?
      copydesk run pages/ -o corpus-new --disable strip_captions
      copydesk diff corpus-out corpus-new
    """


for _command in (
    run,
    merge,
    explain,
    verify,
    restore,
    diff,
    report,
    duplicates,
    deduplicate,
    learn,
    review,
    completion,
):
    main.add_command(_command)
