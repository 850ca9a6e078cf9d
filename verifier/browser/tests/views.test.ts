import { describe, expect, it } from "vitest";
import { countKinds, possessionOf } from "../src/view/kinds";
import { skillMaps } from "../src/view/skill-map";
import { FRAMEWORKS, made, type Written } from "./making/seen-badges";

const REVOKED: Written = {
  verdict: "not-verified",
  findings: [{ check: "status", outcome: "failed", code: "revoked", params: {}, at: "" }],
};
const UNREACHABLE: Written = {
  verdict: "inconclusive",
  findings: [{ check: "status", outcome: "unknown", code: "list-unreachable", params: {}, at: "" }],
};

describe("the summary of several badges", () => {
  it("counts a badge under its verdict, its provider's standing and its holder together", () => {
    const badges = [
      made(),
      made(),
      made({ holder: "not-proven" }),
      made({ atIssue: "registered" }),
      made({ atIssue: "unknown" }),
      made(REVOKED),
      made(UNREACHABLE),
    ];

    expect(countKinds(badges)).toEqual([
      { kind: "accredited", count: 2, tone: "good" },
      { kind: "accredited-open", count: 1, tone: "care" },
      { kind: "registered", count: 1, tone: "care" },
      { kind: "unknown", count: 1, tone: "care" },
      { kind: "revoked", count: 1, tone: "bad" },
      { kind: "inconclusive", count: 1, tone: "none" },
    ]);
  });

  it.each(["not-proven", "expired", "bearer"] as const)("never shows a badge green that is %s", (holder) => {
    expect(countKinds([made({ holder })]).map(({ tone }) => tone)).toEqual(["care"]);
  });

  it("tells which badges are not proven to be the presenter's", () => {
    const badges = [made(), made({ holder: "not-proven" }), made({ holder: "own" }), made({ holder: "bearer" })];

    expect(possessionOf(badges)).toEqual({ held: [0, 2], open: [1, 3] });
  });
});

/** Return the items of all maps with their badges on each step. */
function reached(badges: readonly Written[]): unknown {
  return skillMaps(badges.map(made), FRAMEWORKS).map(({ framework, scale, areas }) => ({
    map: `${framework.key} by ${scale?.key ?? "no scale"}`,
    items: Object.fromEntries(areas.flatMap((area) => area.reached.map(({ item, steps }) => [item.id, steps]))),
  }));
}

describe("the skill map", () => {
  it("shows each item on the step that a badge reached", () => {
    const skills = ["dss-p/2.0/dssp2-2.2-01"];

    expect(
      reached([
        { skills, levels: ["itss/3/demo-itss/3"] },
        { skills, levels: ["itss/3/demo-itss/1"] },
      ]),
    ).toEqual([{ map: "dss-p/2.0 by itss/3/demo-itss", items: { "dssp2-2.2-01": [[1], [], [0], []] } }]);
  });

  it("keeps levels of different scales on maps of their own", () => {
    const skills = ["itss/3/itss3-01"];

    expect(
      reached([
        { skills, levels: ["itss/3/demo-itss/4"] },
        { skills, levels: ["itss/3/itss/2"] },
        { skills, levels: [] },
      ]),
    ).toEqual([
      { map: "itss/3 by itss/3/itss", items: { "itss3-01": [[], [1], [], [], [], [], []] } },
      { map: "itss/3 by itss/3/demo-itss", items: { "itss3-01": [[], [], [], [0]] } },
      { map: "itss/3 by no scale", items: { "itss3-01": [[2]] } },
    ]);
  });

  it.each([
    ["is not valid", { ...REVOKED, skills: ["dss-l/1/dssl1-ms-01"] }],
    ["could not be checked", { ...UNREACHABLE, skills: ["dss-l/1/dssl1-ms-01"] }],
    ["names an item in its own words alone", { claimed: ["dss-l/1/dssl1-ms-01"] }],
    ["names an item that there is not", { skills: ["dss-l/1/dssl1-ms-99"] }],
  ])("shows nothing of a badge that %s", (_, written) => {
    expect(reached([written])).toEqual([]);
  });

  it("counts a badge once, on the highest level of each scale", () => {
    const levels = ["itss/3/demo-itss/1", "itss/3/demo-itss/3", "itss/3/itss/1"];

    expect(reached([{ skills: ["dss-l/1/dssl1-ms-01"], levels }])).toEqual([
      { map: "dss-l/1 by itss/3/itss", items: { "dssl1-ms-01": [[0], [], [], [], [], [], []] } },
      { map: "dss-l/1 by itss/3/demo-itss", items: { "dssl1-ms-01": [[], [], [0], []] } },
    ]);
  });
});
