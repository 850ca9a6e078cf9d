"""The command line: arguments in, one exit code out, every mistake as an `error:` and a `hint:` line."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from akashi.commands import achievement, client, demo, issue, keys, provider, registry, serve, verify
from akashi.problems import UsageError

USAGE = 2


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in two lines."""

    def error(self, message: str) -> NoReturn:
        """End with an `error:` and a `hint:` line."""
        print(f"error: {message}\nhint: {self.prog} --help", file=sys.stderr)
        raise SystemExit(USAGE)


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    top = Parser(prog="akashi", description="Issue and verify learning badges (Open Badges 3.0).")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for module in (verify, issue, provider, client, achievement, keys, registry, serve, demo):
        module.add_to(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return how it ends.

    Returns:
        What the command returns; 2 for a mistake in its use, which is printed as an `error:` and a `hint:` line.
    """
    chosen = parser().parse_args(arguments)
    try:
        code: int = chosen.run(chosen)
    except UsageError as problem:
        print(f"error: {problem}\nhint: {problem.hint}", file=sys.stderr)
        return USAGE
    return code
