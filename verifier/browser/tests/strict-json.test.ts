import { expect, test } from "vitest";
import * as fc from "fast-check";
import { MalformedDocumentError } from "../src/errors";
import { isObject } from "../src/json";
import { isInteger, parse, parseObject } from "../src/strict-json";
import { testOfVectors, vector, vectorNames } from "./vectors";

function refusal(data: Uint8Array | string, maxBytes?: number): { code: string; pointer: string } {
  try {
    parse(data, maxBytes);
  } catch (error) {
    if (error instanceof MalformedDocumentError) return { code: error.code, pointer: error.pointer };
    throw error;
  }
  return { code: "accepted", pointer: "" };
}

test.each([
  ['{"a":1,"a":2}', "duplicate-member", "/a"],
  ['{"a":1,"\\u0061":2}', "duplicate-member", "/a"],
  ['{"issuer":{"a~/b":[{"x":1,"x":1}]}}', "duplicate-member", "/issuer/a~0~1b/0/x"],
  ['{"__proto__":1,"__proto__":2}', "duplicate-member", "/__proto__"],
  ['{"a":[1,NaN]}', "not-finite", "/a/1"],
  ['{"a":-Infinity}', "not-finite", "/a"],
  ['{"a":1e400}', "not-json", ""],
  ['{"a":["\\ud800"]}', "lone-surrogate", "/a/0"],
  ['{"a":"\\ud83d\\\\\\ude00"}', "lone-surrogate", "/a"],
  ['{"\\udc00":1}', "lone-surrogate", ""],
  ['{"a":"\ud800"}', "not-utf-8", ""],
  ['\ufeff{"a":1}', "not-utf-8", ""],
  ['{"a":"\\u0000"}', "nul-character", ""],
  ['{"a":"\u0000"}', "not-utf-8", ""],
  [`{"a":${"1".repeat(26)}}`, "too-long-number", ""],
  [`${"[".repeat(33)}${"]".repeat(33)}`, "too-deep", ""],
  ["[".repeat(33), "too-deep", ""],
  [`[${'{"a":1},'.repeat(10_000)}{"a":1}]`, "too-many-members", ""],
  ["", "not-json", ""],
  ["{'a':1}", "not-json", ""],
  ['{"a":1}{', "not-json", ""],
  ['{"a":"\n"}', "not-json", ""],
])("what two parsers would read differently is refused, with its place: %.60s", (text, code, pointer) => {
  expect(refusal(text)).toEqual({ code, pointer });
});

test.each([
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00), "not-utf-8"],
  ["a byte that UTF-8 does not have", Uint8Array.of(0x22, 0xff, 0x22), "not-json"],
  ["half a character", Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), "not-json"],
])("bytes that are no plain UTF-8 are refused: %s", (_name, bytes, code) => {
  expect(refusal(bytes).code).toBe(code);
});

test.each([
  ['"\\ud83d\\ude00"', "😀"],
  ['"\\\\u0000"', "\\u0000"],
  [`${"[".repeat(32)}${"]".repeat(32)}`, JSON.parse(`${"[".repeat(32)}${"]".repeat(32)}`)],
  [" [ 1 , -0.5e3 ] ", [1, -500]],
])("what has one reading is read: %.60s", (text, value) => {
  expect(parse(text)).toEqual(value);
});

test("a document one byte beyond its limit is refused, and one at the limit read", () => {
  expect(refusal(`"${"x".repeat(8)}"`, 10).code).toBe("accepted");
  expect(refusal(`"${"x".repeat(9)}"`, 10).code).toBe("too-large");
  expect(refusal('"ああああ"', 10).code).toBe("too-large");
});

test("a megabyte of backslashes is read like any other", () => {
  expect(parse(`"${"\\\\".repeat(500_000)}"`)).toBe("\\".repeat(500_000));
  expect(refusal(`{"a":"${"\\\\".repeat(400_000)}","a":1}`).code).toBe("duplicate-member");
});

test("an object has the members of its text and no others", () => {
  const object = parseObject('{"__proto__":{"id":"x"},"inside":{"constructor":1}}');

  expect(Object.keys(object)).toEqual(["__proto__", "inside"]);
  expect(object["id"]).toBeUndefined();
  expect(object["toString"]).toBeUndefined();
  expect(isObject(object["inside"]) && Object.getPrototypeOf(object["inside"])).toBe(null);
});

test("what is no object is refused where an object must be", () => {
  expect(() => parseObject("[]")).toThrow("not-an-object");
});

test("a whole number is an integer only when it is spelt as one of 64 bits", () => {
  const object = parseObject(
    '{"a":1,"b":1.0,"c":1e3,"d":-0,"e":18446744073709551615,"f":18446744073709551616,"g":1.5,"h":"1"}',
  );
  const nested = parseObject('{"list":[{"a":1.0,"b":1}]}')["list"];

  expect(Object.keys(object).filter((name) => isInteger(object, name))).toEqual(["a", "d", "e"]);
  expect(
    Array.isArray(nested) && isObject(nested[0]) && [isInteger(nested[0], "a"), isInteger(nested[0], "b")],
  ).toEqual([false, true]);
});

test("whatever JSON another writer makes is read as it reads it itself", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8, noUnicodeString: false }), (text) => {
      fc.pre(!text.includes("\\u0000") && !/\\ud[89a-f]/.test(text));
      expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test("an object in which any member stands twice is refused, wherever it is", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 }),
      (members) => {
        const [name = ""] = Object.keys(members);
        const twice = `${JSON.stringify(members).slice(0, -1)},${JSON.stringify(name)}:0}`;

        expect(refusal(`[${twice}]`)).toEqual({ code: "duplicate-member", pointer: `/0/${name}` });
      },
    ),
  );
});

testOfVectors(
  "JSONTestSuite: all that must be refused is refused, and what must be accepted is, but for our own rules",
  () => {
    const names = vectorNames("JSONTestSuite", "test_parsing");
    const codes = new Map(names.map((name) => [name, refusal(vector("JSONTestSuite", "test_parsing", name)).code]));
    const accepted = names.filter((name) => codes.get(name) === "accepted");
    const refused = names.filter((name) => name.startsWith("y_") && codes.get(name) !== "accepted");

    expect(names.length).toBe(318);
    expect(accepted.filter((name) => name.startsWith("n_"))).toEqual([]);
    expect(Object.fromEntries(refused.map((name) => [name, codes.get(name)]))).toEqual({
      "y_number_double_close_to_zero.json": "too-long-number",
      "y_object_duplicated_key.json": "duplicate-member",
      "y_object_duplicated_key_and_value.json": "duplicate-member",
      "y_object_escaped_null_in_key.json": "nul-character",
      "y_string_null_escape.json": "nul-character",
    });
  },
);
