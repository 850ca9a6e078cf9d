"""The README's first commands, run as a newcomer would: from a clone to a verified badge of their own."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.needs import missing

ROOT = Path(__file__).parents[2]
MAX_COMMANDS = 6


def commands() -> list[str]:
    """Return the commands of the README's block for newcomers."""
    text = (ROOT / "README.md").read_text()
    block = re.search(r"<!-- newcomer -->\n```console\n(.*?)```", text, re.DOTALL)
    assert block
    return [line.removeprefix("$ ") for line in block[1].replace("\\\n", " ").splitlines() if line.startswith("$ ")]


@pytest.mark.slow
def test_a_newcomer_has_a_verified_badge_of_their_own(tmp_path: Path) -> None:
    told = commands()
    assert told[0].startswith("git clone ")
    assert told[-1].split()[1] == "verify"
    assert len(told) <= MAX_COMMANDS
    told[0] = f"git clone --quiet {ROOT} akashi"
    inherited = os.environ.items()  # noqa: TID251 - a test's own
    clean = {name: value for name, value in inherited if not name.startswith(("COV_", "COVERAGE", "PYTEST"))}
    if not shutil.which("git") or not (ROOT / ".git").exists():
        missing("git and a repository to clone")

    done = [
        subprocess.run(command, shell=True, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
        for command in told
    ]

    assert [one.returncode for one in done] == [0] * len(told), [one.stderr[-400:] for one in done]
    assert "verified; at issue: accredited" in done[-1].stdout
