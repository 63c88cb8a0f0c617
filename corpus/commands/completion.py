"""`copydesk completion`: what a shell needs to complete commands, options, presets and rules."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_WHERE = {
    "bash": '    eval "$(copydesk completion bash)"          in ~/.bashrc',
    "zsh": '    eval "$(copydesk completion zsh)"           in ~/.zshrc, after compinit',
    "fish": "    copydesk completion fish | source           in ~/.config/fish/config.fish",
}


@click.command(
    short_help="Print what a shell needs to complete commands.",
    help="Print what a shell needs to complete commands, options, presets and rules. Put one of these lines where it"
    " stands:\n\n\b\n" + "\n".join(_WHERE.values()),
)
@click.argument("shell", type=click.Choice(list(_WHERE)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script of `shell`."""
    kind = get_completion_class(shell)
    if kind is not None:
        root = context.find_root()
        click.echo(kind(root.command, {}, "copydesk", "_COPYDESK_COMPLETE").source())
