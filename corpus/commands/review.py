"""`copydesk review`: a person accepts or refuses the lines that `copydesk learn` found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.commands.common import USAGE, fail

if TYPE_CHECKING:
    from corpus.review import Line, Review

_KEYS = "y cut it · n leave it · a cut all that are left of this site · b back · q save and stop"


@click.command(short_help="Accept or refuse what learn found.")
@click.argument("file", metavar="FURNITURE.toml", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--list", "only_list", is_flag=True, help="List the lines and verdicts; ask nothing.")
def review(file: Path, only_list: bool) -> None:
    """Accept or refuse, line by line, what `copydesk learn` found on the pages of a site.

    A line that is accepted is cut wherever it stands as a line of its own on a page of its site. A refused one
    is remembered in the file and left alone. Verdicts are saved when you stop; the next review goes on there.
    """
    from corpus.config import ConfigError  # noqa: PLC0415
    from corpus.review import read_review, write_review  # noqa: PLC0415

    try:
        found = read_review(file)
    except ConfigError as error:
        fail(str(error), USAGE)
    if only_list:
        for line in found.lines:
            click.echo(f"{line.verdict or 'open':8}  {_tell(line)}")
    else:
        try:
            _ask(found)
        finally:  # a verdict given is kept, also by who leaves with Ctrl-C
            write_review(file, found)
    accepted, refused, left = (found.count(verdict) for verdict in ("accepted", "refused", None))
    click.echo(f"{file}: {accepted:,} lines to cut, {refused:,} to leave, {left:,} not judged")
    if left:
        click.echo("run cuts those that are not judged as well: go on with the review, or refuse them", err=True)


def _ask(found: Review) -> None:
    """Ask for verdicts until all lines have one or the person stops."""
    asked: list[int] = []
    left = next(found.open(), None)
    if left is not None:
        click.echo(click.style(_KEYS, dim=True))
    while left is not None:
        line = found.lines[left]
        click.echo(f"{_tell(line)}  {found.count(None):,} left ", nl=False)
        key = click.getchar().lower()
        click.echo({"y": "cut", "n": "leave", "a": "cut all", "b": "back", "q": ""}.get(key, "?"))
        if key in ("q", "\x1b", ""):
            return
        if key == "b" and asked:
            found.lines[asked.pop()].verdict = None
        elif key in ("y", "n"):
            line.verdict = "accepted" if key == "y" else "refused"
            asked.append(left)
        elif key == "a":
            for number in list(found.open()):
                if found.lines[number].site == line.site:
                    found.lines[number].verdict = "accepted"
                    asked.append(number)
        elif key != "b":
            click.echo(click.style(_KEYS, dim=True))
        left = next(found.open(), None)


def _tell(line: Line) -> str:
    from corpus.terminal import shown  # noqa: PLC0415

    share = f"{100 * line.share:3.0f}% of {line.of:,} pages"
    return f"{click.style(shown(line.site), fg='cyan')}  {share}  {click.style(shown(line.text), bold=True)}"
