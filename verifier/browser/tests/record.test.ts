import { describe, expect, it } from "vitest";
import { recordName, recordOf, type Occasion } from "../src/view/record";
import { parseRequirement } from "../src/view/requirement-json";
import { checkRequirement } from "../src/view/requirements";
import { FRAMEWORKS, made } from "./making/seen-badges";

const CHECKED_AT = new Date("2026-11-25T05:12:00.250Z");
const LIST = { url: "https://issuer.example/status/1", validFrom: "2026-11-24T03:00:00Z" };
const FINDING = { check: "status", outcome: "passed", code: "not-revoked", params: {}, at: "" } as const;

function occasion(changed: Partial<Occasion> = {}): Occasion {
  const badge = made({ name: "one", findings: [FINDING] });
  const second = made({ name: "two", holder: "not-proven", atIssue: "registered" });
  return {
    badges: [{ ...badge, report: { ...badge.report, statusLists: [LIST, LIST] } }, second],
    checkedAt: CHECKED_AT,
    verifier: "https://verify.example",
    presentation: "the presentation",
    share: "share-1",
    requirement: null,
    ...changed,
  };
}

describe("a verification record", () => {
  it("holds what is needed to check everything again", () => {
    expect(recordOf(occasion())).toEqual({
      type: "AkashiVerificationRecord",
      version: 1,
      checkedAt: "2026-11-25T05:12:00Z",
      checkedBy: "page",
      verifier: "https://verify.example",
      registry: { number: 7, of: "https://registry.example" },
      statusLists: [LIST],
      presentation: "the presentation",
      share: "share-1",
      badges: [
        {
          text: "text of one",
          verdict: "verified",
          standing: { atIssue: "accredited", now: "accredited" },
          holder: "proven",
          findings: [FINDING],
        },
        {
          text: "text of two",
          verdict: "verified",
          standing: { atIssue: "registered", now: "registered" },
          holder: "not-proven",
          findings: [],
        },
      ],
      requirement: null,
    });
  });

  it("holds the requirement with what became of each line, and no words", () => {
    const { badges } = occasion();
    const asked = parseRequirement({ any_of: [{ all_of: [{ layer: 1 }, { layer: 3 }] }] }, FRAMEWORKS);
    const result = checkRequirement(asked, badges, FRAMEWORKS, CHECKED_AT);

    expect(recordOf(occasion({ requirement: { asked, result } })).requirement).toEqual({
      rule: { any_of: [{ all_of: [{ layer: 1 }, { layer: 3 }] }], issuer_policy: "accredited at issue time" },
      result: {
        met: false,
        alternatives: [
          {
            met: false,
            lines: [
              { met: true, badges: [0], nearest: null },
              { met: false, badges: [], nearest: null },
            ],
          },
        ],
      },
    });
  });

  it("says that a server took part as soon as it checked one badge", () => {
    const [badge] = occasion().badges;
    if (!badge) throw new Error("no badge");
    const checkedThere = { ...badge, report: { ...badge.report, checkedBy: "server" as const } };

    expect(recordOf(occasion({ badges: [badge, checkedThere] })).checkedBy).toBe("server");
  });

  it("has a file name that tells the time and nobody's name", () => {
    expect(recordName(recordOf(occasion()))).toBe("verification-20261125t051200z");
  });
});
