// What a report comes to, in one word. The word has a headline (page.verdict.<word>) and a tone.

const NOTHING_INSIDE = ["no-credential", "no-credential-in-qr", "empty", "not-a-badge", "not-an-object"];
const UNREADABLE = [
  "bad-base64",
  "bad-link",
  "bad-png",
  "bad-png-text",
  "bad-svg",
  "bad-svg-credential",
  "link-behind-link",
  "link-not-allowed",
  "link-unreachable",
  "lone-surrogate",
  "not-a-jws",
  "not-finite",
  "not-json",
  "not-utf-8",
  "nul-character",
  "open-badges-2",
  "readers-busy",
  "several-credentials",
  "several-qr-codes",
  "too-deep",
  "too-large",
  "too-long-number",
  "too-many-members",
  "too-many-pixels",
  "unreadable-picture",
  "white-space",
];
const WORDS = {
  "proof.bad-signature": "changed",
  "proof.key-not-listed": "wrong-key",
  "binding.key-of-another": "wrong-key",
  "validity.expired": "expired",
  "validity.not-yet-valid": "not-yet-valid",
  "status.revoked": "revoked",
  "status.revoked-in-misplaced-list": "revoked",
  "status.suspended": "on-hold",
  "status.suspended-in-misplaced-list": "on-hold",
};
// Red accuses somebody: it is for what contradicts itself or was taken back, not for what we could not read.
const TONES = {
  accredited: "good",
  registered: "care",
  unknown: "care",
  "no-register": "care",
  expired: "care",
  "not-yet-valid": "care",
  "on-hold": "care",
  nothing: "none",
  unreadable: "none",
  inconclusive: "none",
};
const DECISIVE = ["form", "proof", "binding", "validity", "status"];

/**
 * Return the word for a report. The first thing that went wrong decides.
 * `saysBadge` tells whether what was given calls itself a badge: a document without a proof may be anything.
 */
export function wordOf(report, saysBadge) {
  if (report.verdict === "verified") return standingWord(report);
  const outcome = report.verdict === "not-verified" ? "failed" : "unknown";
  const first = report.findings.find((one) => one.outcome === outcome && one.code !== "not-checked");
  if (first?.check === "form" && NOTHING_INSIDE.includes(first.code)) return "nothing";
  if (first?.check === "form" && UNREADABLE.includes(first.code)) return "unreadable";
  if (first?.check === "proof" && first.code === "no-proof") return saysBadge ? "unsigned" : "nothing";
  if (report.verdict !== "not-verified") return "inconclusive";
  return WORDS[`${first?.check}.${first?.code}`] ?? "not-verified";
}

function standingWord(report) {
  if (report.registry.number === null) return "no-register";
  return ["accredited", "registered"].includes(report.standing.atIssue) ? report.standing.atIssue : "unknown";
}

/** Return the tone of a word: "good", "care", "bad" or "none". */
export function toneOf(word) {
  return TONES[word] ?? "bad";
}

/** Tell whether there is a badge to say more about. */
export function isBadge(word) {
  return word !== "nothing" && word !== "unreadable";
}

/** Return the findings that a verdict rests on. */
export function reasonsOf({ verdict, findings }) {
  if (verdict === "not-verified") return findings.filter((one) => one.outcome === "failed");
  if (verdict === "verified") {
    return findings.filter((one) => one.outcome === "warning" || (one.check === "trust" && one.outcome !== "passed"));
  }
  return findings.filter((one) => one.outcome === "unknown" && DECISIVE.includes(one.check) && one.code !== "not-checked");
}
