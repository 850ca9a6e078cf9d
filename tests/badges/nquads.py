"""N-Quads files of others, as our statements."""

import pyoxigraph

from badges.proof.jsonld import XSD, Quad, literal


def read_quads(data: bytes) -> list[Quad]:
    return [
        (term(quad.subject), term(quad.predicate), term(quad.object), term(quad.graph_name))
        for quad in pyoxigraph.parse(data, pyoxigraph.RdfFormat.N_QUADS)
    ]


def term(one: object) -> str:
    match one:
        case pyoxigraph.NamedNode():
            return f"<{one.value}>"
        case pyoxigraph.BlankNode():
            return f"_:{one.value}"
        case pyoxigraph.Literal() if one.language:
            return f"{literal(one.value, None)}@{one.language}"
        case pyoxigraph.Literal():
            datatype = one.datatype.value
            return literal(one.value, None if datatype == f"{XSD}string" else datatype)
    return ""
