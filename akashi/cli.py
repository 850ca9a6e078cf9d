"""The command line: arguments in, one exit code out, every mistake as an `error:` and a `hint:` line."""

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import NoReturn

from akashi.commands import achievement, client, demo, issue, keys, provider, registry, serve, verify
from akashi.commands.house import told
from akashi.problems import UsageError

USAGE = 2
NOBODY_READS = 128 + signal.SIGPIPE
"""How shells tell that a program's reader has gone."""
MAX_LINE = 400
"""How much of what was given is worth repeating, in characters."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are ours."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong.

        Raises:
            UsageError: Always.
        """
        raise UsageError(message, f"{self.prog} --help")


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    top = Parser(prog="akashi", description="Issue and verify learning badges (Open Badges 3.0).")
    top.add_argument("--version", action="version", version=f"akashi {version('akashi-badges')}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for module in (verify, issue, provider, client, achievement, keys, registry, serve, demo):
        module.add_to(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return how it ends.

    Returns:
        What the command returns; 141 where nobody reads its output any more; 2 for a mistake in its use, which is
        printed as an `error:` and a `hint:` line.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another alphabet shows an escape; it does not end the command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with told():
            chosen = parser().parse_args(readable(sys.argv[1:] if arguments is None else arguments))
            code: int = chosen.run(chosen)
        sys.stdout.flush()
    except UsageError as problem:
        print(f"error: {one_line(str(problem))}\nhint: {one_line(problem.hint)}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # Whoever reads our lines has seen enough; Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    return code


def readable(arguments: Sequence[str]) -> Sequence[str]:
    """Return the arguments, all of which are texts: what is none cannot be stored, signed or printed.

    Raises:
        UsageError: One is not; Python hands bytes that are no UTF-8 on as lone surrogates.
    """
    for number, text in enumerate(arguments, 1):
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise UsageError(f"argument {number} is no text", "write arguments and file names in UTF-8")
    return arguments


def one_line(text: str) -> str:
    """Return a text as one line that cannot steer a terminal, however long and strange what was given is."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return shown if len(shown) <= MAX_LINE else f"{shown[:MAX_LINE]}…"
