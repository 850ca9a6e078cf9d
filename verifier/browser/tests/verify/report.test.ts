import { expect, test } from "vitest";
import { CHECKS, failed, NOT_MADE, passed, unknown, verdictOf, warning, type Finding } from "../../src/verify/report";

const GOOD = CHECKS.map((check) => passed(check, "good"));

function but(finding: Finding): Finding[] {
  return GOOD.map((one) => (one.check === finding.check ? finding : one));
}

test("a badge of which every check went well is verified", () => {
  expect(verdictOf(GOOD)).toBe("verified");
  expect(verdictOf(but(warning("proof", "old")))).toBe("verified");
});

test.each(CHECKS)("one failed check is enough not to be verified: %s", (check) => {
  expect(verdictOf(but(failed(check, "bad")))).toBe("not-verified");
});

test.each([
  ["form", "inconclusive"],
  ["proof", "inconclusive"],
  ["binding", "inconclusive"],
  ["validity", "inconclusive"],
  ["status", "inconclusive"],
  ["trust", "verified"],
  ["holder", "verified"],
  ["endorsement", "verified"],
] as const)("without an answer to %s a badge is %s", (check, verdict) => {
  expect(verdictOf(but(unknown(check, "who-knows")))).toBe(verdict);
});

test("a report without a finding verifies nothing", () => {
  expect(verdictOf([])).toBe("inconclusive");
  expect(verdictOf(NOT_MADE)).toBe("inconclusive");
});
