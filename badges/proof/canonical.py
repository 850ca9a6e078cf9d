"""RDF statements → the bytes that are hashed: RDFC-1.0 within a work budget.

Most badges have no two blank nodes alike; then the first-degree hashes alone name them. Where nodes tie, the rest of
the algorithm tries orders, whose number grows with the factorial of the ties; so each try is counted.

Source: RDF Dataset Canonicalization (RDFC-1.0) §4 (#canonicalization), §7.1 (#dataset-poisoning).
"""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Final

from badges.errors import ShapeError
from badges.proof.contexts import ContextSet
from badges.proof.jsonld import Quad, to_quads
from schemas.documents import CONTEXTS

# Orders to try: some 15 ms. Badges need none or a few dozen; the hardest tests that W3C wants solved 2,880; a clique
# of 7 blank nodes, hundreds of thousands.
MAX_STEPS: Final = 5_000
# Tying nodes in one connected piece; the algorithm calls itself for each.
MAX_CONNECTED: Final = 64

PINNED: Final = ContextSet(CONTEXTS)


def canonical(document: Mapping[str, object], *, contexts: Mapping[str, Mapping[str, object]] = CONTEXTS) -> bytes:
    """Return the canonical N-Quads of a document in the one accepted shape, in UTF-8.

    Raises:
        ShapeError: As `jsonld.to_quads` does, and `too-complex` for blank nodes that only much work could tell apart.
    """
    pinned = PINNED if contexts is CONTEXTS else ContextSet(contexts)
    return "".join(canonical_lines(to_quads(document, pinned))).encode()


def canonical_lines(quads: Iterable[Quad], algorithm: str = "sha256") -> list[str]:
    """Return the statements in canonical N-Quads, sorted by code points, each line with its end.

    Args:
        quads: The statements; a repeated one counts once.
        algorithm: `sha256` or `sha384`.

    Raises:
        ShapeError: `too-complex`.
    """
    statements = set(quads)
    names = Namer(statements, algorithm).names()
    return sorted(line(*(names.get(term, term) for term in quad)) for quad in statements)


def line(subject: str, predicate: str, value: str, graph: str) -> str:
    """Return a statement as a line of N-Quads."""
    return f"{subject} {predicate} {value} {graph} .\n" if graph else f"{subject} {predicate} {value} .\n"


# Blank node → its name, in the order in which they were given.
Issued = dict[str, str]


class Namer:
    """One run of the algorithm over one dataset."""

    def __init__(self, quads: Iterable[Quad], algorithm: str) -> None:
        self.algorithm = algorithm
        self.steps = 0
        self.canonical: Issued = {}
        self.quads: dict[str, list[Quad]] = {}
        for quad in quads:
            subject, _, value, graph = quad
            for blank in {term for term in (subject, value, graph) if term.startswith("_:")}:
                self.quads.setdefault(blank, []).append(quad)
        self.hashes = {blank: self.first_degree_hash(blank) for blank in self.quads}

    def names(self) -> Issued:
        """Return the canonical name of each blank node.

        Source: RDFC-1.0 §4.4 (#canon-algorithm).
        """
        alike: dict[str, list[str]] = {}
        for blank, digest in self.hashes.items():
            alike.setdefault(digest, []).append(blank)
        ordered = [alike[digest] for digest in sorted(alike)]
        for blanks in ordered:
            if len(blanks) == 1:
                issue(self.canonical, blanks[0], "_:c14n")
        for blanks in ordered:
            self.name_alike([blank for blank in blanks if blank not in self.canonical])
        return self.canonical

    def name_alike(self, blanks: list[str]) -> None:
        """Name blank nodes whose own statements are alike, by what they are connected with."""
        paths = [self.connected_hash(blank, {blank: "_:b0"}) for blank in blanks if blank not in self.canonical]
        for _, issued in sorted(paths, key=lambda path: path[0]):
            for blank in issued:
                issue(self.canonical, blank, "_:c14n")

    def hash(self, text: str) -> str:
        """Return the hexadecimal digest of a text."""
        return hashlib.new(self.algorithm, text.encode()).hexdigest()

    def first_degree_hash(self, me: str) -> str:
        """Return the hash of a blank node's own statements.

        Source: RDFC-1.0 §4.6 (#hash-1d-quads).
        """
        return self.hash(
            "".join(
                sorted(
                    line(seen_from(me, subject), predicate, seen_from(me, value), seen_from(me, graph))
                    for subject, predicate, value, graph in self.quads[me]
                )
            )
        )

    def connected_hash(self, me: str, issued: Issued) -> tuple[str, Issued]:
        """Return the hash of a blank node's surroundings, and the names given on the way.

        Source: RDFC-1.0 §4.8 (#hash-nd-quads).
        """
        data: list[str] = []
        for digest, related in sorted(self.related(me, issued).items()):
            path, issued = self.best_path(related, issued)
            data += digest, path
        return self.hash("".join(data)), issued

    def related(self, me: str, issued: Issued) -> dict[str, list[str]]:
        """Return the blank nodes in the statements of `me`, by the hash of how they are related.

        Source: RDFC-1.0 §4.7 (#hash-related-blank-node).
        """
        found: dict[str, list[str]] = {}
        for subject, predicate, value, graph in self.quads[me]:
            for other, relation in ((subject, f"s{predicate}"), (value, f"o{predicate}"), (graph, "g")):
                if other.startswith("_:") and other != me:
                    name = self.canonical.get(other) or issued.get(other) or self.hashes[other]
                    found.setdefault(self.hash(relation + name), []).append(other)
        return found

    def best_path(self, related: list[str], issued: Issued) -> tuple[str, Issued]:
        """Return the least path over all orders of these nodes, and the names that it gives."""
        # One node may stand in several statements of a graph; then the orders would all be one.
        orders = permutations(related) if len(set(related)) > 1 else [tuple(related)]
        return min((self.path(order, dict(issued)) for order in orders), key=lambda found: found[0])

    def path(self, order: tuple[str, ...], issued: Issued) -> tuple[str, Issued]:
        """Return the path through the nodes in this order, and the names that it gives.

        The standard breaks off a path that is longer and greater than the best one. That changes no outcome, and the
        budget bounds the work anyway.

        Raises:
            ShapeError: `too-complex`.
        """
        self.steps += 1
        if self.steps > MAX_STEPS or len(issued) > MAX_CONNECTED:
            raise ShapeError("too-complex")
        fresh = [blank for blank in dict.fromkeys(order) if blank not in self.canonical and blank not in issued]
        path = "".join(self.canonical.get(blank) or issue(issued, blank, "_:b") for blank in order)
        for blank in fresh:
            digest, given = self.connected_hash(blank, issued)
            path += f"{issue(issued, blank, '_:b')}<{digest}>"
            issued = given
        return path, issued


def issue(issued: Issued, blank: str, prefix: str) -> str:
    """Return the name of a blank node, which it gets now if it has none.

    Source: RDFC-1.0 §4.5 (#issue-identifier).
    """
    return issued.setdefault(blank, f"{prefix}{len(issued)}")


def seen_from(me: str, term: str) -> str:
    """Return a term as the blank node `me` sees it: itself, another blank node, or what it is."""
    if not term.startswith("_:"):
        return term
    return "_:a" if term == me else "_:z"
