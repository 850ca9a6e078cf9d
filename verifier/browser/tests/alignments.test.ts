import { expect, test } from "vitest";
import { read } from "../src/alignments";
import { frameworksIn } from "../src/frameworks";
import { DOCUMENTS } from "./standard-documents";

const frameworks = frameworksIn(DOCUMENTS.frameworks);
const REGISTRY = "https://registry.example";
const ITEM = {
  targetType: "CFItem",
  targetCode: "dssp2-2.2-01",
  targetUrl: `${REGISTRY}/frameworks/dss-p/2.0/items/dssp2-2.2-01`,
};
const LEVEL = {
  targetType: "CFRubricCriterionLevel",
  targetCode: "itss/3/itss/3",
  targetUrl: `${REGISTRY}/frameworks/itss/3/levels/itss/3`,
};

test("an item and a level of the registry are read", () => {
  expect(read(ITEM, REGISTRY, frameworks)).toEqual({ framework: "dss-p/2.0", item: "dssp2-2.2-01" });
  expect(read(LEVEL, REGISTRY, frameworks)).toEqual({ framework: "itss/3", scheme: "itss", value: "3" });
});

test.each([
  "https://evil.example/frameworks/dss-p/2.0/items/dssp2-2.2-01",
  "https://registry.example.evil.example/frameworks/dss-p/2.0/items/dssp2-2.2-01",
  "https://registry.example/frameworks/dss-p/1.2/items/dssp2-2.2-01",
  "https://registry.example/frameworks/dss-p/2.0/items/dssp2-2.2-02",
  "https://registry.example/frameworks/dss-p/2.0/items/dssp2-2.2-01?",
  "https://registry.example/frameworks//items/dssp2-2.2-01",
  "",
  7,
  null,
])("an item is one of the registry's only at its very address, not at %j", (targetUrl) => {
  expect(read({ ...ITEM, targetUrl }, REGISTRY, frameworks)).toBeNull();
});

test.each([
  { targetCode: "itss/3/itss/4" },
  { targetCode: "itss/3/itss/99" },
  { targetUrl: "https://elsewhere.example/frameworks/itss/3/levels/itss/3" },
  { targetType: "CFItem" },
  { targetType: "ext:Framework" },
])("a level is one of the registry's only where code and address agree: %j", (change) => {
  expect(read({ ...LEVEL, ...change }, REGISTRY, frameworks)).toBeNull();
});

test("what is no object is no alignment", () => {
  for (const one of [null, "CFItem", [ITEM], 1]) expect(read(one, REGISTRY, frameworks)).toBeNull();
});
