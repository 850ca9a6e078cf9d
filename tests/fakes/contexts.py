"""The pinned contexts and W3C's context for examples, which defines every word and therefore stands in tests only."""

from collections.abc import Mapping

from schemas.documents import CONTEXTS

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
WITH_EXAMPLES: Mapping[str, Mapping[str, object]] = {
    **CONTEXTS,
    EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}},
}
