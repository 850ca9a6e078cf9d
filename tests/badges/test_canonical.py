"""Names for blank nodes: the same whatever ours are called, and never at any price."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld.canon import URDNA2015
from pyld.jsonld import JsonLdProcessor

from badges.errors import ShapeError
from badges.proof.canonical import Namer, canonical_lines
from badges.proof.jsonld import Quad

P, Q = "<https://x.example/p>", "<https://x.example/q>"
BLANKS = st.integers(0, 4).map("_:n{}".format)
STATEMENTS: st.SearchStrategy[Quad] = st.tuples(
    BLANKS | st.just("<urn:x:s>"),
    st.sampled_from([P, Q]),
    BLANKS | st.sampled_from(['"x"', '"𠮷"', '"ｱ"', "<urn:x:o>"]),
    st.just("") | BLANKS | st.just("<urn:x:g>"),
)


def clique(size: int) -> list[Quad]:
    return [(f"_:n{one}", P, f"_:n{other}", "") for one in range(size) for other in range(size) if one != other]


def ring(size: int) -> list[Quad]:
    return [(f"_:n{one}", P, f"_:n{(one + 1) % size}", "") for one in range(size)]


def by_pyld(quads: list[Quad]) -> str:
    text = "".join(f"{' '.join(term for term in quad if term)} .\n" for quad in quads)
    dataset = JsonLdProcessor.parse_nquads(text)
    return str(URDNA2015().main(dataset, {"format": "application/n-quads"}))


# PyLD counts a statement twice in which one node stands twice.
@given(st.lists(STATEMENTS.filter(lambda quad: len(set(quad)) == 4), min_size=1, max_size=9))
def test_the_names_are_those_of_another_implementation(quads: list[Quad]) -> None:
    assert "".join(canonical_lines(quads)) == by_pyld(quads)


# RDFC-1.0 itself does not keep this law where one statement has blank nodes as its object and as its graph: from one of
# them the other looks the same, whichever of two statements they share (section 4.8). Badges make no such statements.
LAWFUL = STATEMENTS.filter(lambda quad: not (quad[2].startswith("_:") and quad[3].startswith("_:")))


@given(st.lists(LAWFUL, min_size=1, max_size=9), st.permutations(range(5)))
def test_neither_names_nor_order_of_the_input_matter(quads: list[Quad], names: list[int]) -> None:
    renamed = [
        tuple(f"_:m{names[int(term[3:])]}" if term.startswith("_:") else term for term in quad) for quad in quads
    ]

    assert canonical_lines(reversed(renamed)) == canonical_lines(quads)  # type: ignore[arg-type]  # still four strings


def test_statements_are_sorted_by_code_points() -> None:
    lines = canonical_lines([("<urn:x:s>", P, '"𠮷"', ""), ("<urn:x:s>", P, '"ｱ"', "")])

    assert lines == ['<urn:x:s> <https://x.example/p> "ｱ" .\n', '<urn:x:s> <https://x.example/p> "𠮷" .\n']


@pytest.mark.parametrize("quads", [clique(4), clique(5), ring(12)])
def test_few_ties_are_told_apart(quads: list[Quad]) -> None:
    assert "".join(canonical_lines(quads)) == by_pyld(quads)


def test_a_node_that_many_statements_of_a_graph_name_costs_one_step() -> None:
    quads = [(f"_:n{proof}", P, f'"{number}"', f"_:g{proof}") for proof in range(2) for number in range(12)]
    namer = Namer(quads, "sha256")

    assert len(namer.names()) == 4
    assert namer.steps < 10


@pytest.mark.parametrize(
    "quads",
    [
        clique(7),
        clique(10),
        ring(400),
        [(f"_:p{one}", P, f"_:c{one}x{other}", "") for one in range(2) for other in range(12)],
        [(f"_:g{group}n{a}", P, f"_:g{group}n{b}", "") for group in range(9) for a in range(5) for b in range(5)],
    ],
    ids=["clique of 7", "clique of 10", "long ring", "wide twins", "many cliques"],
)
def test_work_without_end_is_refused_soon(quads: list[Quad]) -> None:
    start = time.process_time()
    with pytest.raises(ShapeError) as caught:
        canonical_lines(quads)

    assert caught.value.code == "too-complex"
    assert time.process_time() - start < 1
