"""What an operator installs: one wheel that carries every page, and nothing that only builds them."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARRIED = {
    "badges/web/static/style.css",
    "badges/web/static/fonts/BIZUDPGothic-Regular.ttf",
    "badges/web/static/fonts/OFL.txt",
    "schemas/contexts/credentials-v2.json",
    "verifier/static/app/badges.js",
    "verifier/static/app/check.js",
    "verifier/static/app/history.js",
    "verifier/static/app/licences.txt",
    "verifier/static/app/service-worker.js",
    "verifier/static/app/zxing_reader.wasm",
    "verifier/templates/badges.html",
}


@pytest.mark.slow
def test_the_wheel_carries_the_pages_and_not_what_builds_them(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for room in ("akashi", "badges", "issuer", "keys", "registry", "schemas", "verifier"):
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    (tree / "verifier/browser/node_modules/other").mkdir(parents=True)
    (tree / "verifier/browser/node_modules/other/package.json").write_text("{}")
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, tree)
    make = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), "."]
    subprocess.run(make, cwd=tree, check=True, capture_output=True)

    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())

    assert CARRIED - names == set()
    assert [name for name in names if name.startswith("verifier/browser/")] == []
