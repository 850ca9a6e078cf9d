import { describe, expect, it } from "vitest";
import { parseRequirements, RequirementError, requirementJson, type Requirement } from "../src/view/requirement-json";
import { checkRequirement, type Line } from "../src/view/requirements";
import { FRAMEWORKS, made, readJson, type Written } from "./making/seen-badges";

interface Cases {
  readonly now: string;
  readonly badges: Readonly<Record<string, Written>>;
  readonly cases: readonly {
    readonly name: string;
    readonly requirement: unknown;
    readonly badges: readonly string[];
    readonly met: boolean;
    readonly lines: unknown;
  }[];
  readonly faults: readonly { readonly requirement: unknown; readonly pointer: string; readonly code: string }[];
}

const { now, badges, cases, faults } = readJson<Cases>("tests/verifier/requirements.json");

function told({ met, badges: meeting, nearest }: Line): unknown {
  if (met) return { badges: meeting };
  return nearest ? { badges: [], nearest: nearest.badge, reasons: nearest.reasons } : { badges: [], nearest: null };
}

function read(value: unknown): Requirement {
  const [first] = parseRequirements(value, FRAMEWORKS);
  if (!first) throw new Error("no requirement");
  return first;
}

function refusal(value: unknown): unknown {
  try {
    return parseRequirements(value, FRAMEWORKS);
  } catch (error) {
    if (error instanceof RequirementError) return { pointer: error.pointer, code: error.code };
    throw error;
  }
}

describe("a requirement", () => {
  it.each(cases)("$name", ({ requirement, badges: names, met, lines }) => {
    const shown = names.map((name) => made({ name, ...badges[name] }));

    const result = checkRequirement(read(requirement), shown, FRAMEWORKS, new Date(now));

    expect({ met: result.met, lines: result.alternatives.map((one) => one.lines.map(told)) }).toEqual({ met, lines });
  });

  it.each(faults)(
    "that is not well made is refused with its place: $code $pointer",
    ({ requirement, pointer, code }) => {
      expect(refusal(requirement)).toEqual({ pointer, code });
    },
  );

  it.each(cases)("is the same after it was written down and read again: $name", ({ requirement }) => {
    const first = read(requirement);

    expect(read(JSON.parse(JSON.stringify(requirementJson(first))))).toEqual(first);
  });
});
