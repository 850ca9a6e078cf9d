// Names for blank nodes: the same whatever ours are called, and never at any price.

import fc from "fast-check";
import { NQuads, canonize } from "rdf-canonize";
import { expect, test } from "vitest";
import { byCodePoints } from "../src/code-points";
import { type HashAlgorithm, canonicalLines } from "../src/proof/canonical";
import { type Quad, literal } from "../src/proof/jsonld";
import { testOfVectors, vector } from "./vectors";

const P = "<https://x.example/p>";
const XSD_STRING = "http://www.w3.org/2001/XMLSchema#string";

type Parsed = { termType: string; value: string; language?: string; datatype?: { value: string } };

function term({ termType, value, language, datatype }: Parsed): string {
  if (termType === "DefaultGraph") return "";
  if (termType === "BlankNode") return `_:${value}`;
  if (termType === "NamedNode") return `<${value}>`;
  if (language !== undefined) return `${literal(value, null)}@${language}`;
  return literal(value, datatype === undefined || datatype.value === XSD_STRING ? null : datatype.value);
}

function quadsOf(text: string): Quad[] {
  const parsed = NQuads.parse(text) as { subject: Parsed; predicate: Parsed; object: Parsed; graph: Parsed }[];
  return parsed.map(({ subject, predicate, object, graph }) => [
    term(subject),
    term(predicate),
    term(object),
    term(graph),
  ]);
}

async function byRdfCanonize(quads: readonly Quad[]): Promise<string> {
  const text = quads.map((quad) => `${quad.filter((one) => one !== "").join(" ")} .\n`).join("");
  const options = { algorithm: "RDFC-1.0", inputFormat: "application/n-quads", format: "application/n-quads" };
  return canonize(text, { ...options, maxWorkFactor: Infinity });
}

const blanks = fc.integer({ min: 0, max: 4 }).map((number) => `_:n${number}`);
const statements: fc.Arbitrary<Quad> = fc.tuple(
  fc.oneof(blanks, fc.constant("<urn:x:s>")),
  fc.constantFrom(P, "<https://x.example/q>"),
  fc.oneof(blanks, fc.constantFrom('"x"', '"あ"', '"ｱ"', "<urn:x:o>")),
  fc.oneof(fc.constant(""), blanks, fc.constant("<urn:x:g>")),
);
// rdf-canonize counts a statement twice in which one node stands twice.
const distinct = statements.filter((quad) => new Set(quad).size === quad.length);

function clique(size: number): Quad[] {
  const nodes = Array.from({ length: size }, (_, index) => index);
  return nodes.flatMap((one) =>
    nodes.filter((other) => other !== one).map((other): Quad => [`_:n${one}`, P, `_:n${other}`, ""]),
  );
}

function ring(size: number): Quad[] {
  return Array.from({ length: size }, (_, one): Quad => [`_:n${one}`, P, `_:n${(one + 1) % size}`, ""]);
}

test("the names are those of another implementation", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(distinct, { minLength: 1, maxLength: 9 }), async (quads) => {
      expect(canonicalLines(quads).join("")).toBe(await byRdfCanonize(quads));
    }),
  );
});

// RDFC-1.0 itself does not keep this law where one statement has blank nodes as its object and as its graph: from one of
// them the other looks the same, whichever of two statements they share (§4.8). Badges make no such statements.
const lawful = statements.filter(([, , object, graph]) => !(object.startsWith("_:") && graph.startsWith("_:")));

test("neither names nor order of the input matter", () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
  fc.assert(
    fc.property(fc.array(lawful, { minLength: 1, maxLength: 9 }), order, (quads, names) => {
      const renamed = quads.map(
        (quad) =>
          quad.map((one) => (one.startsWith("_:") ? `_:m${names[Number(one.slice(3))]}` : one)) as unknown as Quad,
      );

      expect(canonicalLines(renamed.reverse())).toEqual(canonicalLines(quads));
    }),
  );
});

test("statements are sorted by code points", () => {
  const lines = canonicalLines([
    ["<urn:x:s>", P, '"𠮷"', ""],
    ["<urn:x:s>", P, '"ｱ"', ""],
  ]);

  expect(lines).toEqual([`<urn:x:s> ${P} "ｱ" .\n`, `<urn:x:s> ${P} "𠮷" .\n`]);
});

test("texts are compared as their UTF-8 bytes are", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "", "ｱ", "\ufffd", "𠮷", "あ", "\u{10ffff}"), maxLength: 4 });
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      expect(Math.sign(byCodePoints(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
    }),
  );
});

test.each([
  ["clique of 4", clique(4)],
  ["clique of 5", clique(5)],
  ["ring of 12", ring(12)],
])("few ties are told apart: %s", async (_, quads) => {
  expect(canonicalLines(quads).join("")).toBe(await byRdfCanonize(quads));
});

const GROUPS = Array.from({ length: 9 }, (_, group) => group);
test.each([
  ["clique of 7", clique(7)],
  ["clique of 10", clique(10)],
  ["long ring", ring(400)],
  [
    "wide twins",
    [0, 1].flatMap((one) => Array.from({ length: 12 }, (_, other): Quad => [`_:p${one}`, P, `_:c${one}x${other}`, ""])),
  ],
  [
    "many cliques",
    GROUPS.flatMap((group) =>
      [0, 1, 2, 3, 4].flatMap((a) => [0, 1, 2, 3, 4].map((b): Quad => [`_:g${group}n${a}`, P, `_:g${group}n${b}`, ""])),
    ),
  ],
])("work without end is refused soon: %s", (_, quads) => {
  const start = performance.now();

  expect(() => canonicalLines(quads)).toThrow("too-complex");
  expect(performance.now() - start).toBeLessThan(5000);
});

const FOLDER = "rdf-canon/tests";

function text(...path: string[]): string {
  return new TextDecoder().decode(vector(FOLDER, ...path));
}

/** W3C's tests of one kind: input file and hash. */
function entries(kind: string): readonly (readonly [string, HashAlgorithm])[] {
  const found = text("manifest.ttl").matchAll(/:(test\d+)c a rdfc:(\w+);([^]*?)mf:action <(.*?)>;/g);
  return [...found]
    .filter(([, , one]) => one === kind)
    .map(([, , , options = "", action = ""]) => [action, options.includes('"SHA384"') ? "sha384" : "sha256"]);
}

testOfVectors("every evaluation test of W3C gives the published statements", () => {
  const tests = entries("RDFC10EvalTest");

  for (const [input, algorithm] of tests) {
    const expected = text(input.replace("-in.nq", "-rdfc10.nq"));
    expect(canonicalLines(quadsOf(text(input)), algorithm).join(""), input).toBe(expected);
  }
  expect(tests).toHaveLength(64);
});

testOfVectors("the poisoned graph of W3C is refused within the budget", () => {
  const [[input, algorithm] = ["", "sha256" as const], ...others] = entries("RDFC10NegativeEvalTest");
  const quads = quadsOf(text(input));

  expect(() => canonicalLines(quads, algorithm)).toThrow("too-complex");
  expect(others).toEqual([]);
});
