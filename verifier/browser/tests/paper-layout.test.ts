// Plain documents: what stands together stays together, and nothing is lost between pages.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { PDFDocument } from "@cantoo/pdf-lib";
import { expect, test } from "vitest";
import { extract } from "../src/formats/pdf";
import { badgeFile } from "../src/paper/document";
import { type Block, layoutPdf } from "../src/paper/layout";
import { linkedInLink } from "../src/paper/linkedin";
import type { ShownCredential } from "../src/verify/report";

const ROOT = resolve(import.meta.dirname, "../../..");
const font = new Uint8Array(readFileSync(resolve(ROOT, "badges/web/static/fonts/BIZUDPGothic-Regular.ttf")));
const jwt = readFileSync(resolve(ROOT, "docs/example/badge.jwt"), "utf8").trim();
const options = { title: "検証の記録", language: "ja", font } as const;

async function pageCount(blocks: Block[]): Promise<number> {
  return (await PDFDocument.load(await layoutPdf(blocks, options))).getPageCount();
}

test("a short document is one page, and an empty one is, too", async () => {
  expect(
    await pageCount([{ kind: "title", text: "検証の記録" }, { kind: "rule" }, { kind: "text", text: "有効です。" }]),
  ).toBe(1);
  expect(await pageCount([])).toBe(1);
});

test("a long one takes as many pages as its lines need", async () => {
  const lines = (count: number): Block[] => [
    { kind: "list", items: Array.from({ length: count }, (_, index) => `項目 ${index}`) },
  ];

  expect(await pageCount(lines(30))).toBe(1);
  expect(await pageCount(lines(50))).toBe(2);
  expect(await pageCount(lines(300))).toBeGreaterThan(7);
});

test("one paragraph longer than a page goes on to the next", async () => {
  expect(await pageCount([{ kind: "text", text: "学習歴を本人の手に。".repeat(400) }])).toBe(2);
});

test("the record can carry a file, as a certificate does", async () => {
  const bytes = await layoutPdf([{ kind: "title", text: "記録" }], {
    ...options,
    attachment: badgeFile(jwt, "バッジ"),
  });

  expect(await extract(bytes)).toBe(jwt);
});

test("letters that the font lacks are told", async () => {
  const told: string[] = [];

  await layoutPdf([{ kind: "facts", facts: [["氏名", "𠮷田 花子"]] }], {
    ...options,
    onLacking: (letters) => told.push(...letters),
  });

  expect(told).toEqual(["𠮷"]);
});

const credential: ShownCredential = {
  id: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c31",
  mechanism: "vc-jwt",
  types: [],
  name: "",
  issuer: { id: "", domain: "issuer.example", registered: null, claimedName: "北の学校 & Co", claimedUrl: "" },
  achievement: {
    id: "",
    name: "データ分析の基礎 修了",
    description: "",
    type: "",
    criteria: { narrative: "", url: "" },
  },
  skills: [],
  levels: [],
  results: [],
  validFrom: "2026-04-01T00:00:00+09:00",
  validUntil: "2029-03-31T23:59:59+09:00",
  awardedDate: null,
  holder: { kind: "did", key: true, identityHashes: 0 },
};

test("the link to LinkedIn fills in its form, and nothing about the holder", () => {
  const link = new URL(linkedInLink(credential, "https://verify.example/s/abc#key"));

  expect(link.origin + link.pathname).toBe("https://www.linkedin.com/profile/add");
  expect(Object.fromEntries(link.searchParams)).toEqual({
    startTask: "CERTIFICATION_NAME",
    name: "データ分析の基礎 修了",
    organizationName: "北の学校 & Co",
    issueYear: "2026",
    issueMonth: "4",
    expirationYear: "2029",
    expirationMonth: "3",
    certUrl: "https://verify.example/s/abc#key",
    certId: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c31",
  });
});

test("what a badge does not say is not in the link", () => {
  const link = new URL(linkedInLink({ ...credential, validFrom: null, validUntil: null }, null));

  expect([...link.searchParams.keys()]).toEqual(["startTask", "name", "organizationName", "certId"]);
});
