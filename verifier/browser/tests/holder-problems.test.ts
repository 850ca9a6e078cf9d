import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MalformedDocumentError } from "../src/errors";
import { problemKey } from "../src/holder-problems";
import { ShareError } from "../src/share/crypto";
import { WalletError } from "../src/wallet/database";

const SOURCES = new URL("../src/", import.meta.url);
const TEXTS = JSON.parse(readFileSync(new URL("../../catalogues/holder.ja.json", import.meta.url), "utf-8")) as object;

/** Return every code that a module of the wallet or of shares gives one of its errors. */
function codes(): string[] {
  const files = ["share", "wallet"].flatMap((folder) =>
    readdirSync(new URL(folder, SOURCES)).map((name) => new URL(`${folder}/${name}`, SOURCES)),
  );
  const text = files.map((file) => readFileSync(file, "utf-8")).join("");
  return [...text.matchAll(/new (?:Wallet|Share)Error\(([^;]*?)[,)]/g)].flatMap(([, argument = ""]) =>
    [...argument.matchAll(/"([a-z-]+)"/g)].map(([, code = ""]) => code),
  );
}

test("every refusal has its words", () => {
  const missing = codes().filter((code) => !(`page.holder.problem.${code}.title` in TEXTS));

  expect(codes().length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

test("a form that is broken is one thing, whichever rule it breaks", () => {
  expect(problemKey(new MalformedDocumentError("bad-header"))).toBe("page.holder.problem.not-a-presentation");
  expect(problemKey(new MalformedDocumentError("too-large"))).toBe("page.holder.problem.too-large");
  expect(problemKey(new WalletError("other-key"))).toBe("page.holder.problem.other-key");
  expect(problemKey(new ShareError("no-share"))).toBe("page.holder.problem.no-share");
  expect(problemKey(new TypeError())).toBe("page.holder.problem.other");
});
