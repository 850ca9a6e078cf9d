import { expect, test } from "vitest";
import { failed, unknown } from "../../src/verify/report";
import { findingText } from "../../src/verify/texts";

const WORDS: Readonly<Record<string, string>> = {
  "finding.form.schema": "{count} parts",
  "finding.form.other": "form {code}",
  "finding.bad-signature": "signature",
  "finding.other": "problem {code}",
};
const TEXTS = {
  has: (key: string) => Object.hasOwn(WORDS, key),
  fill: (key: string, params: Readonly<Record<string, string>>) =>
    (WORDS[key] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "?"),
};

test("a finding is told by its check and code, by its code, by its check, or by what there is", () => {
  expect(findingText(failed("form", "schema", { params: { count: "3" } }), TEXTS)).toBe("3 parts");
  expect(findingText(failed("proof", "bad-signature"), TEXTS)).toBe("signature");
  expect(findingText(failed("form", "new-rule"), TEXTS)).toBe("form new-rule");
  expect(findingText(unknown("trust", "new-rule"), TEXTS)).toBe("problem new-rule");
});
