"""The program over a folder of the test's own, and a school in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from akashi import cli

ITEM = "dss-p/2.0/dssp2-2.2-01"
Akashi = Callable[..., tuple[int, str, str]]


@pytest.fixture
def akashi(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Akashi:
    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = cli.main([*arguments, "--data", str(tmp_path / "data")])
        except SystemExit as ended:
            code = int(str(ended.code))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def school(akashi: Akashi) -> Akashi:
    assert akashi("provider", "add", "kita", "--name-ja", "北の学校", "--accredit", "dss-p/2.0")[0] == 0
    assert akashi("achievement", "add", "kita", "data", "--name-ja", "データ", "--item", ITEM)[0] == 0
    return akashi
