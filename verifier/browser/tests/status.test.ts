import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encode } from "../src/keys/base64url";
import { decodeList, getBit, parseEntry, readList } from "../src/status";
import type { Claims } from "../src/json";

const URL = "https://uni.example/providers/kita/status/revocation/1";
// Bitstring Status List v1.0, its example of a BitstringStatusListCredential: 131,072 bits, all zero.
const STANDARD = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
const ENTRY = {
  type: "BitstringStatusListEntry",
  statusPurpose: "revocation",
  statusListIndex: "5",
  statusListCredential: URL,
};

function encoded(stream: Uint8Array): string {
  return `u${encode(stream)}`;
}

function zeros(size: number): string {
  return encoded(gzipSync(new Uint8Array(size)));
}

test("the list of the standard is read", async () => {
  expect(await decodeList(STANDARD)).toEqual(new Uint8Array(16_384));
});

// Section 3.3: "the first index, with a value of zero (0), is located at the left-most bit in the bitstring".
test.each([
  [0, 0, 0b1000_0000],
  [1, 0, 0b0100_0000],
  [7, 0, 0b0000_0001],
  [8, 1, 0b1000_0000],
  [15, 1, 0b0000_0001],
  [131_071, 16_383, 0b0000_0001],
])("bit %i stands where the standard puts it", (index, byte, value) => {
  const bits = new Uint8Array(16_384);
  bits[byte] = value;

  const set = Array.from({ length: 131_072 }, (_, at) => at).filter((at) => getBit(bits, at));

  expect(set).toEqual([index]);
});

test("a bit outside the list is none", () => {
  expect(getBit(new Uint8Array(16_384), 131_072)).toBeNull();
});

test.each(["+5", "-5", "05", "5.0", " 5", "5 ", "5\n", "1_0", "٥", "５", "0x5", "", "12345678901", 5, true, [5], null])(
  "an index in another form is refused: %j",
  (statusListIndex) => {
    expect(() => parseEntry({ ...ENTRY, statusListIndex })).toThrow(
      expect.objectContaining({ code: "bad-status-entry", pointer: "/credentialStatus" }),
    );
  },
);

test("an entry comes back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 10 - 1 }), (index) => {
      expect(parseEntry({ ...ENTRY, statusListIndex: String(index) })).toEqual({
        listUrl: URL,
        index,
        purpose: "revocation",
      });
    }),
  );
});

test.each([
  null,
  [],
  "x",
  {},
  { type: "StatusList2021Entry" },
  { type: ["x"] },
  { ...ENTRY, statusSize: 2 },
  { ...ENTRY, statusSize: "1" },
])("an entry of another type is not known: %j", (value) => {
  expect(() => parseEntry(value)).toThrow(expect.objectContaining({ code: "unknown-status-type" }));
});

test.each([{ statusListCredential: 1 }, { statusPurpose: ["revocation"] }])(
  "an entry that is not whole is refused: %j",
  (change) => {
    expect(() => parseEntry({ ...ENTRY, ...change })).toThrow(expect.objectContaining({ code: "bad-status-entry" }));
  },
);

test.each([
  ["nothing", "", "bad-list-encoding"],
  ["no stream", "u", "bad-list-encoding"],
  ["no base", STANDARD.slice(1), "bad-list-encoding"],
  ["another base", `z${STANDARD.slice(1)}`, "bad-list-encoding"],
  ["padding", `${STANDARD}==`, "bad-list-encoding"],
  ["a line break", `${STANDARD}\n`, "bad-list-encoding"],
  ["a cut end", STANDARD.slice(0, -4), "bad-list-encoding"],
  ["a wrong length", `${STANDARD.slice(0, -8)}AAAAAAAA`, "bad-list-encoding"],
  ["one character", "uA", "bad-list-encoding"],
  ["zeros", "uAAAA", "bad-list-encoding"],
  ["zlib", encoded(deflateSync(new Uint8Array(16_384))), "bad-list-encoding"],
  ["a byte behind", encoded(Buffer.concat([gzipSync(new Uint8Array(16_384)), Buffer.alloc(1)])), "bad-list-encoding"],
  ["a second stream", encoded(Buffer.concat(Array(2).fill(gzipSync(new Uint8Array(16_384))))), "bad-list-encoding"],
  ["too few bits", zeros(16_383), "list-too-short"],
  ["no bits", zeros(0), "list-too-short"],
  ["five million characters", `u${"A".repeat(5_000_000)}`, "bad-list-encoding"],
])("a list in another encoding is refused: %s", async (_what, text, code) => {
  await expect(decodeList(text)).rejects.toMatchObject({ code });
});

test("a bomb is not unpacked", async () => {
  await expect(decodeList(zeros(64 * 1_048_576))).rejects.toMatchObject({ code: "list-too-long" });
});

test("a list may be as long as the limit", async () => {
  expect(await decodeList(zeros(8 * 1_048_576))).toHaveLength(8 * 1_048_576);
  await expect(decodeList(zeros(16_385), { maxBytes: 16_384 })).rejects.toMatchObject({ code: "list-too-long" });
});

const TYPES = ["VerifiableCredential", "BitstringStatusListCredential"];
const SUBJECT = { type: "BitstringStatusList", statusPurpose: "revocation", encodedList: STANDARD };

test("a list for several purposes serves each", async () => {
  const credentialSubject = { ...SUBJECT, statusPurpose: ["suspension", "revocation"] };

  expect(await readList({ type: TYPES, credentialSubject }, parseEntry(ENTRY))).toHaveLength(16_384);
});

test.each([
  [{ type: "BitstringStatusListCredential" }, "wrong-list-type"],
  [{ type: ["VerifiableCredential"] }, "wrong-list-type"],
  [{ credentialSubject: [] }, "wrong-list-type"],
  [{ credentialSubject: { ...SUBJECT, type: "StatusList2021" } }, "wrong-list-type"],
  [{ credentialSubject: { ...SUBJECT, encodedList: 5 } }, "bad-list-encoding"],
  [{ credentialSubject: { ...SUBJECT, statusPurpose: "suspension" } }, "wrong-list-purpose"],
  [{ credentialSubject: { ...SUBJECT, statusPurpose: null } }, "wrong-list-purpose"],
  [{ credentialSubject: { ...SUBJECT, encodedList: "x" } }, "bad-list-encoding"],
] as [Claims, string][])("another list than the entry's is refused: %j", async (change, code) => {
  const credential = { type: TYPES, credentialSubject: SUBJECT, ...change };

  await expect(readList(credential, parseEntry(ENTRY))).rejects.toMatchObject({ code });
});
