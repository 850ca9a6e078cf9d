"""PyLD and pyoxigraph at full length, as the tests' second opinion on our straight walk."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pyoxigraph
from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdProcessor

from schemas.documents import CONTEXTS

ESCAPED = re.compile(r"\\x[01789]|[\x7f]|\\uff(fe|ff)")


class Oracle:
    """Canonical N-Quads by other people's code; lenient where ours is strict."""

    def __init__(self, contexts: Mapping[str, Any] = CONTEXTS) -> None:
        self.contexts = contexts
        self.resolver = ContextResolver({}, self.load)

    def load(self, url: str, _options: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": deepcopy(dict(self.contexts[url]))}

    def canonical(self, document: Mapping[str, Any]) -> str:
        options = {"documentLoader": self.load, "contextResolver": self.resolver}
        dataset = JsonLdProcessor().to_rdf(deepcopy(document), options)
        if not ESCAPED.search(str(document)):
            return str(URDNA2015().main(dataset, {"format": "application/n-quads"}))
        # PyLD does not escape these; pyoxigraph does, but names some ties in lists and graphs otherwise than the rest.
        quads = pyoxigraph.Dataset(quad(triple, graph) for graph, triples in dataset.items() for triple in triples)
        quads.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        lines = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS).decode().split("\n")
        return "\n".join([*sorted(line for line in lines if line), ""])


def quad(triple: Mapping[str, Any], graph: str) -> pyoxigraph.Quad:
    name = pyoxigraph.DefaultGraph() if graph == "@default" else term({"type": kind(graph), "value": graph})
    return pyoxigraph.Quad(term(triple["subject"]), term(triple["predicate"]), term(triple["object"]), name)


def kind(name: str) -> str:
    return "blank node" if name.startswith("_:") else "IRI"


def term(node: Mapping[str, Any]) -> Any:
    match node:
        case {"type": "IRI", "value": value}:
            return pyoxigraph.NamedNode(value)
        case {"type": "blank node", "value": value}:
            return pyoxigraph.BlankNode(value.removeprefix("_:"))
        case {"value": value, "language": language}:
            return pyoxigraph.Literal(value, language=language)
    return pyoxigraph.Literal(node["value"], datatype=pyoxigraph.NamedNode(node["datatype"]))
