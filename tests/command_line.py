"""Commands as documents and container files give them, held against the command line. Nothing is run."""

from typing import Any

import typer.main

from steward.cli import app


def understood_by_the_command_line(words: list[str]) -> None:
    """Fails unless the words are a command of steward with its arguments and options. Runs nothing."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while commands_below := getattr(command, "commands", None):
        assert rest, f"no command: {words}"
        assert rest[0] in commands_below, f"no such command: {words}"
        command = commands_below[rest.pop(0)]
    command.make_context("steward", rest)
