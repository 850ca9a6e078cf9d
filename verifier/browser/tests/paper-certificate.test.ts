// Certificates: what is printed, what is inside the file, and what is told.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { badgeLink } from "/static/badge-link.js";
import { PDFDocument, PDFName, PDFString } from "@cantoo/pdf-lib";
import { expect, test } from "vitest";
import { extract } from "../src/formats/pdf";
import { certificatePdf, type Content, PaperError, printedQr } from "../src/paper/certificate";
import { dayIn, paperTexts } from "../src/paper/texts";
import type { Language, ShownCredential } from "../src/verify/report";

const ROOT = resolve(import.meta.dirname, "../../..");
const font = new Uint8Array(readFileSync(resolve(ROOT, "badges/web/static/fonts/BIZUDPGothic-Regular.ttf")));
const jwt = readFileSync(resolve(ROOT, "docs/example/badge.jwt"), "utf8").trim();
const json = readFileSync(resolve(ROOT, "docs/example/badge.json"), "utf8");

function texts(language: Language) {
  return paperTexts(
    JSON.parse(readFileSync(resolve(ROOT, `verifier/catalogues/paper.${language}.json`), "utf8")) as Record<
      string,
      string
    >,
  );
}

function shown(name: string, provider = "東京情報大学"): ShownCredential {
  return {
    id: "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c31",
    mechanism: "vc-jwt",
    types: [],
    name: "",
    issuer: {
      id: "did:web:university.example",
      domain: "university.example",
      registered: { name: provider, url: "", domain: "university.example", accreditedBy: ["学習証明機構"] },
      claimedName: "",
      claimedUrl: "",
    },
    achievement: { id: "", name, description: "", type: "", criteria: { narrative: "", url: "" } },
    skills: [],
    levels: [{ code: "itss/3/level/2", name: "レベル2", url: "", known: true, by: "achievement" }],
    results: [],
    validFrom: "2026-11-20T23:30:00+09:00",
    validUntil: null,
    awardedDate: null,
    holder: { kind: "did", key: true, identityHashes: 0 },
  };
}

async function content(changes: Partial<Content> = {}): Promise<Content> {
  const text = changes.text ?? jwt;
  const link = await badgeLink(text, "https://verify.example");
  return {
    credential: shown("データサイエンス基礎"),
    text,
    link,
    holderName: "",
    language: "ja",
    font,
    texts: texts("ja"),
    ...changes,
  };
}

test.each([
  ["a compact JWS", jwt],
  ["a JSON document", json],
])("the badge comes out of the file to the byte: %s", async (_, text) => {
  const { bytes } = await certificatePdf(await content({ text }));

  expect(await extract(bytes)).toBe(text);
});

test("a certificate is one page of A4 and says its language and title, and not who made it when", async () => {
  const { bytes } = await certificatePdf(await content({ holderName: "山田 花子" }));

  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  expect(document.getPages().map((page) => page.getSize())).toEqual([{ width: 595.28, height: 841.89 }]);
  expect(document.catalog.lookup(PDFName.of("Lang"), PDFString).asString()).toBe("ja");
  expect(document.getTitle()).toBe("データサイエンス基礎");
  expect(document.getAuthor()).toBeUndefined();
  expect(document.getCreationDate()).toBeUndefined();
});

test("the same badge makes the same file", async () => {
  const [first, second] = [await certificatePdf(await content()), await certificatePdf(await content())];

  expect(first.bytes).toEqual(second.bytes);
});

test.each([
  [113, 24, 0.47, 53],
  [177, 40, 0.45, 80],
  [57, 10, 0.6, 34],
])(
  "a QR code of %i modules is printed as version %i, %f mm a module, %i mm wide",
  (modules, version, moduleMillimetres, sizeMillimetres) => {
    expect(printedQr(modules)).toEqual({ version, modules, moduleMillimetres, sizeMillimetres });
  },
);

test("a letter that the font lacks is told, and stands as a geta mark", async () => {
  const { lacking } = await certificatePdf(await content({ holderName: "𠮷田 花子 👩" }));

  expect(lacking).toEqual(["𠮷", "👩"]);
});

test("names as long as registers allow fit on the page", async () => {
  const long = shown("あ".repeat(80), "い".repeat(60));

  const { bytes, lacking } = await certificatePdf(await content({ credential: long, holderName: "う".repeat(40) }));

  expect((await PDFDocument.load(bytes)).getPageCount()).toBe(1);
  expect(lacking).toEqual([]);
});

test("a name that no page can hold is told, and not cut", async () => {
  const endless = content({ credential: shown("あ".repeat(9_000)) });

  await expect(certificatePdf(await endless)).rejects.toThrow(new PaperError("too-long"));
});

test.each([
  ["a QR code", `https://verify.example/v#${"1".repeat(8_000)}`],
  ["any link", "https://verify.example"],
])("a badge too long for %s is printed without one", async (_, link) => {
  const { qr, bytes } = await certificatePdf(await content({ link }));

  expect(qr).toBeNull();
  expect(await extract(bytes)).toBe(jwt);
});

test("the day is the one that the issuer wrote", () => {
  expect(dayIn("ja", "2026-11-20T23:30:00+09:00")).toBe("2026年11月20日");
  expect(dayIn("en", "2026-11-20T23:30:00+09:00")).toBe("20 November 2026");
  expect(dayIn("en", null)).toBe("");
});
