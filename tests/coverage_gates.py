"""The branch coverage that each room must keep; run after the tests."""

import io
import sys
from pathlib import Path

import coverage

GATES = {
    "badges": 100.0,
    "keys": 100.0,
    "schemas": 100.0,
    "issuer": 95,
    "registry": 95,
    "verifier": 95.0,
    "akashi": 95.0,
}


def covered(measured: coverage.Coverage, room: str) -> float:
    """Return the percentage of lines and branches that the tests ran in one room."""
    return measured.report(include=[f"{room}/*"], file=io.StringIO())


def main() -> int:
    """Print a line for each room; return 1 if one fell short."""
    measured = coverage.Coverage()
    measured.load()
    figures = {room: covered(measured, room) for room in GATES if any(Path(room).rglob("*.py"))}
    for room, figure in figures.items():
        print(f"{room:10} {figure:6.2f} %  (at least {GATES[room]:.0f} %)")
    return int(any(figure < GATES[room] for room, figure in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
