import { expect, test } from "vitest";
import { frameworksIn, IncomparableLevelsError } from "../src/frameworks";
import { DOCUMENTS } from "./standard-documents";

const frameworks = frameworksIn(DOCUMENTS.frameworks);

// The counts that METI and IPA publish: 23 items of DSS-L, 49 of DSS-P 1.x, 67 of 2.0, 11 job categories of ITSS V3.
test("the standards are complete", () => {
  const counts = [...frameworks.byKey].map(([key, one]) => [key, one.items.size]);

  expect(Object.fromEntries(counts)).toEqual({ "dss-l/1": 23, "dss-p/1.2": 49, "dss-p/2.0": 67, "itss/3": 11 });
});

test("an item is found by its id", () => {
  expect(frameworks.item("dss-p/2.0", "dssp2-2.2-01")?.name.ja).toBe("数理統計・多変量解析・データ可視化");
  expect(frameworks.item("dss-p/2.0", "dssp2-9.9-99")).toBeNull();
  expect(frameworks.item("dss-p/3.0", "dssp2-2.2-01")).toBeNull();
});

test("a level is said in full words", () => {
  const level = frameworks.parseLevel("itss/3/itss/3");

  expect(level).toEqual({ framework: "itss/3", scheme: "itss", value: "3" });
  expect(level && frameworks.levelName(level)?.ja).toBe("ITSS V3 レベル3");
});

test.each(["", "3", "itss/3", "itss/3/itss", "itss/3/itss/8", "itss/3/other/3", "itss/4/itss/3", "/itss/3/itss/3"])(
  "a code that names no level is none: %j",
  (code) => {
    expect(frameworks.parseLevel(code)).toBeNull();
  },
);

test("levels of one scale are compared, and those of two never", () => {
  const level = (scheme: string, value: string) => ({ framework: "itss/3", scheme, value });

  expect(frameworks.compare(level("itss", "2"), level("itss", "4"))).toBeLessThan(0);
  expect(frameworks.compare(level("itss", "4"), level("itss", "4"))).toBe(0);
  expect(() => frameworks.compare(level("itss", "4"), level("demo-itss", "3"))).toThrow(IncomparableLevelsError);
  expect(() => frameworks.compare(level("itss", "4"), level("itss", "99"))).toThrow(IncomparableLevelsError);
});

test("the newest version of a standard is told from any of its versions", () => {
  expect(frameworks.newest("dss-p/1.2")?.key).toBe("dss-p/2.0");
  expect(frameworks.newest("dss-p/2.0")?.key).toBe("dss-p/2.0");
  expect(frameworks.newest("nothing/1")).toBeNull();
});
