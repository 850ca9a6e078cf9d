"""W3C's tests for RDFC-1.0: all evaluation tests, and the poisoned graph refused within the budget."""

import re
import time
from pathlib import Path

import pytest

from badges.errors import ShapeError
from badges.proof.canonical import canonical_lines
from tests.badges.nquads import read_quads

pytestmark = pytest.mark.vectors

ENTRY = re.compile(r":(test\d+)c a rdfc:(\w+);(.*?)mf:action <(.*?)>;", re.DOTALL)


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "vectors/rdf-canon/tests"


def entries(folder: Path, kind: str) -> dict[str, tuple[Path, str]]:
    """Test → input, and the hash that it asks for."""
    found = ENTRY.findall((folder / "manifest.ttl").read_text())
    return {
        name: (folder / action, "sha384" if '"SHA384"' in options else "sha256")
        for name, one, options, action in found
        if one == kind
    }


def test_every_evaluation_test_gives_the_published_statements(folder: Path) -> None:
    tests = entries(folder, "RDFC10EvalTest")

    for name, (action, algorithm) in tests.items():
        expected = action.with_name(action.name.replace("-in.nq", "-rdfc10.nq")).read_text()
        assert "".join(canonical_lines(read_quads(action.read_bytes()), algorithm)) == expected, name

    assert len(tests) == 64


def test_the_poisoned_graph_is_refused_within_the_budget(folder: Path) -> None:
    [(action, algorithm)] = entries(folder, "RDFC10NegativeEvalTest").values()
    quads = read_quads(action.read_bytes())

    start = time.process_time()
    with pytest.raises(ShapeError) as caught:
        canonical_lines(quads, algorithm)

    assert caught.value.code == "too-complex"
    assert time.process_time() - start < 1
