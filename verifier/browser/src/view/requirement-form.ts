// The requirement check: a form or a file in, met or not met per line out. Nothing of it leaves the page.

import { signOf } from "/static/signs.js";
import { download, element } from "/static/dom.js";
import { t } from "/static/texts.js";
import type { Frameworks } from "../frameworks";
import { parse } from "../strict-json";
import { conditionLine, type ConditionLine } from "./requirement-line";
import {
  parseRequirements,
  POLICIES,
  RequirementError,
  requirementJson,
  type Condition,
  type Policy,
  type Requirement,
} from "./requirement-json";
import { conditionWords, lineWords, titleOf } from "./requirement-words";
import {
  checkRequirement,
  isLineHeld,
  outcomeOf,
  type Alternative,
  type Line,
  type Outcome,
  type RequirementResult,
} from "./requirements";
import type { SeenBadge, Tone } from "./seen";

const MAX_FILE_BYTES = 1_048_576;
const TONES: Readonly<Record<Outcome, Tone>> = { met: "good", open: "care", "not-met": "none" };
const SIGNS: Readonly<Record<Outcome, "good" | "care" | "absent">> = { met: "good", open: "care", "not-met": "absent" };
const POLICY_TEXTS: Readonly<Record<Policy, string>> = {
  "accredited at issue time": "page.views.policy.at-issue",
  "accredited now": "page.views.policy.now",
  any: "page.views.policy.any",
};
const NOTHING: Condition = { skill: null, area: null, level: null, layer: null, newerThan: null };

/** What the check works on: the badges, the skill standards, and the time. */
export interface RequirementCheck {
  readonly badges: readonly SeenBadge[];
  readonly frameworks: Frameworks;
  readonly now: () => Date;
  /** Told what was checked last, for the record. */
  readonly onChecked?: (requirement: Requirement, result: RequirementResult) => void;
  /** What the form begins with; an empty line where there is nothing. */
  readonly requirement?: Requirement;
}

interface Group {
  readonly node: HTMLElement;
  readonly lines: ConditionLine[];
}

/** Return the form with its result below. */
export function renderRequirementCheck(check: RequirementCheck): HTMLElement {
  return new RequirementForm(check).node;
}

class RequirementForm {
  readonly node: HTMLElement;
  private readonly check: RequirementCheck;
  private readonly groups: Group[] = [];
  private readonly list: HTMLElement = element("div", { class: "alternatives" });
  private readonly policy: HTMLSelectElement = policyPicker();
  private readonly problem: HTMLElement = element("div", { id: "requirement-problem", role: "alert" });
  private readonly result: HTMLElement = element("div", {});
  private readonly choice: HTMLElement = element("div", {});
  /** The name of what was read from a file, kept for the result and the record. */
  private read: Pick<Requirement, "id" | "name"> = { id: "", name: { ja: "", en: "" } };

  constructor(check: RequirementCheck) {
    this.check = check;
    this.node = element(
      "section",
      { class: "requirement panel", "aria-labelledby": "requirement-title" },
      element("h2", { id: "requirement-title" }, t("page.views.requirement.title")),
      element("p", { class: "quiet" }, t("page.views.requirement.intro")),
      this.form(),
      this.problem,
      this.result,
      this.files(),
    ) as HTMLElement;
    this.fill(check.requirement ?? null);
  }

  private form(): HTMLElement {
    const form = element(
      "form",
      { novalidate: "" },
      this.list,
      element(
        "p",
        { class: "actions" },
        button("page.views.requirement.add-group", () => this.addGroup([NOTHING], true)),
      ),
      element("label", { class: "field" }, t("page.views.requirement.policy"), this.policy),
      element("p", { class: "actions" }, element("button", { type: "submit" }, t("page.views.requirement.check"))),
    ) as HTMLFormElement;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    return form;
  }

  private files(): HTMLElement {
    const input = element("input", { type: "file", accept: ".json,application/json" }) as HTMLInputElement;
    input.addEventListener("change", () => void this.open(input));
    return element(
      "details",
      {},
      element("summary", {}, t("page.views.requirement.files")),
      element("p", { class: "quiet" }, t("page.views.requirement.files-why")),
      element("label", { class: "field" }, t("page.views.requirement.open"), input),
      this.choice,
      element(
        "p",
        { class: "actions" },
        button("page.views.requirement.save", () => this.save()),
      ),
    ) as HTMLElement;
  }

  /** Show a requirement in the form. */
  private fill(requirement: Requirement | null): void {
    this.groups.length = 0;
    this.list.replaceChildren();
    this.read = requirement ?? { id: "", name: { ja: "", en: "" } };
    this.policy.value = requirement?.policy ?? POLICIES[0] ?? "";
    for (const conditions of requirement?.alternatives ?? [[NOTHING]]) this.addGroup(conditions, false);
  }

  private addGroup(conditions: readonly Condition[], focus: boolean): void {
    const lines: ConditionLine[] = [];
    const rows = element("div", { class: "lines" }) as HTMLElement;
    const legend = element("legend", {}) as HTMLElement;
    const group: Group = {
      lines,
      node: element(
        "fieldset",
        { class: "alternative" },
        legend,
        rows,
        element(
          "p",
          { class: "actions" },
          button("page.views.requirement.add-line", () => this.addLine(group, rows, NOTHING, true)),
        ),
      ) as HTMLElement,
    };
    this.groups.push(group);
    this.list.append(group.node);
    for (const condition of conditions) this.addLine(group, rows, condition, false);
    this.number();
    if (focus) group.lines[0]?.focus();
  }

  private addLine(group: Group, rows: HTMLElement, condition: Condition, focus: boolean): void {
    const line = conditionLine(condition, this.check.frameworks, () => this.removeLine(group, line));
    group.lines.push(line);
    rows.append(line.node);
    this.number();
    if (focus) line.focus();
  }

  /** Take a line away; with its last line a group goes, and the last of all lines is emptied instead. */
  private removeLine(group: Group, line: ConditionLine): void {
    group.lines.splice(group.lines.indexOf(line), 1);
    line.node.remove();
    if (group.lines.length === 0) {
      this.groups.splice(this.groups.indexOf(group), 1);
      group.node.remove();
    }
    if (this.groups.length === 0) this.addGroup([NOTHING], false);
    this.number();
    (group.lines.at(-1) ?? this.groups.at(-1)?.lines.at(-1))?.focus();
  }

  private number(): void {
    for (const [index, { node, lines }] of this.groups.entries()) {
      const key = index === 0 ? "page.views.requirement.group" : "page.views.requirement.or-group";
      const legend = node.querySelector("legend");
      if (legend) legend.textContent = t(key, { number: String(index + 1) });
      for (const [place, line] of lines.entries()) line.number(place + 1);
    }
  }

  /** Return what the form asks, or null where a line asks nothing, which is then told. */
  private requirement(): Requirement | null {
    const alternatives = this.groups.map(({ lines }) => lines.map((line) => line.read()));
    const empty = this.groups.flatMap(({ lines }) => lines).find((line) => line.read() === null);
    this.problem.replaceChildren();
    if (empty) {
      this.tell(t("page.views.requirement.empty-line"));
      empty.focus();
      return null;
    }
    const asked = alternatives.map((conditions) => conditions.filter((condition) => condition !== null));
    return { ...this.read, alternatives: asked, policy: this.policy.value as Policy };
  }

  private run(): void {
    const { badges, frameworks, now, onChecked } = this.check;
    const requirement = this.requirement();
    if (!requirement) return;
    const result = checkRequirement(requirement, badges, frameworks, now());
    const shown = renderResult(requirement, result, badges, frameworks);
    this.result.replaceChildren(shown);
    shown.querySelector<HTMLElement>("h3")?.focus();
    onChecked?.(requirement, result);
  }

  private async open(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    this.choice.replaceChildren();
    this.result.replaceChildren();
    try {
      if (file.size > MAX_FILE_BYTES) throw new RequirementError("", "too-large");
      this.choose(parseRequirements(this.json(await file.text()), this.check.frameworks));
    } catch (error) {
      const { pointer, code } = error instanceof RequirementError ? error : { pointer: "", code: "unreadable" };
      this.tell(faultWords(pointer, code));
    }
    // So that the same file can be chosen again.
    input.value = "";
  }

  private json(text: string): unknown {
    try {
      return parse(text);
    } catch {
      throw new RequirementError("", "not-json");
    }
  }

  /** Show the first requirement of a file; where it holds several, let people choose. */
  private choose(requirements: readonly Requirement[]): void {
    this.problem.replaceChildren();
    this.fill(requirements[0] ?? null);
    if (requirements.length < 2) return;
    const names = requirements.map((one, index) => titleOf(one) || one.id || String(index + 1));
    const select = element(
      "select",
      {},
      names.map((name, index) => element("option", { value: String(index) }, name)),
    ) as HTMLSelectElement;
    select.addEventListener("change", () => {
      this.result.replaceChildren();
      this.fill(requirements[Number(select.value)] ?? null);
    });
    this.choice.replaceChildren(element("label", { class: "field" }, t("page.views.requirement.choose"), select));
  }

  private save(): void {
    const requirement = this.requirement();
    if (!requirement) return;
    download("requirement.json", `${JSON.stringify(requirementJson(requirement), null, 2)}\n`, "application/json");
  }

  private tell(words: string): void {
    this.problem.replaceChildren(element("p", { class: "note failure" }, words));
  }
}

function faultWords(pointer: string, code: string): string {
  const why = t(`page.views.requirement-fault.${code}`);
  return pointer ? t("page.views.requirement.fault-at", { place: pointer, why }) : why;
}

function policyPicker(): HTMLSelectElement {
  const options = POLICIES.map((policy) => element("option", { value: policy }, t(POLICY_TEXTS[policy])));
  return element("select", {}, options) as HTMLSelectElement;
}

function button(key: string, onClick: () => void): HTMLElement {
  const made = element("button", { type: "button", class: "second" }, t(key)) as HTMLElement;
  made.addEventListener("click", onClick);
  return made;
}

/** Return what became of a requirement: one sentence, and below it every line. */
export function renderResult(
  requirement: Requirement,
  result: RequirementResult,
  badges: readonly SeenBadge[],
  frameworks: Frameworks,
): HTMLElement {
  const outcome = outcomeOf(result, badges);
  const title = titleOf(requirement);
  const several = result.alternatives.length > 1;
  return element(
    "div",
    { class: `requirement-result tone-${TONES[outcome]}` },
    element(
      "div",
      { class: "outcome-line" },
      signOf(SIGNS[outcome]),
      element("h3", { tabindex: "-1" }, t(`page.views.outcome.${outcome}`)),
    ),
    title ? element("p", { class: "strong" }, title) : null,
    outcome === "open" ? element("p", {}, t("page.views.outcome.open-why")) : null,
    result.alternatives.map((one, index) => renderAlternative(one, several ? index + 1 : 0, badges, frameworks)),
  ) as HTMLElement;
}

function renderAlternative(
  { lines }: Alternative,
  number: number,
  badges: readonly SeenBadge[],
  frameworks: Frameworks,
): HTMLElement {
  const key = number > 1 ? "page.views.requirement.or-group" : "page.views.requirement.group";
  return element(
    "div",
    {},
    number > 0 ? element("h4", {}, t(key, { number: String(number) })) : null,
    element(
      "ul",
      { class: "lines-checked" },
      lines.map((line) => renderLine(line, badges, frameworks)),
    ),
  ) as HTMLElement;
}

function renderLine(line: Line, badges: readonly SeenBadge[], frameworks: Frameworks): HTMLElement {
  const outcome: Outcome = line.met ? (isLineHeld(line, badges) ? "met" : "open") : "not-met";
  return element(
    "li",
    { class: `tone-${TONES[outcome]}` },
    signOf(SIGNS[outcome]),
    element(
      "div",
      {},
      element("span", { class: "strong" }, t(`page.views.line.${outcome}`)),
      element("span", { class: "asked" }, conditionWords(line.condition, frameworks)),
      element("span", { class: "why" }, lineWords(line, badges)),
    ),
  ) as HTMLElement;
}
