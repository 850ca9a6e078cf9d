// One line of a requirement in the form: standard, item, level, layer, age.

import { element } from "/static/dom.js";
import { amount, t } from "/static/texts.js";
import { codeOf, type Framework, type Frameworks } from "../frameworks";
import { LAYERS, type Condition, type NewerThan } from "./requirement-json";
import { language } from "./spoken";

const YEARS = [1, 2, 3, 5];
const YEAR_DAYS = 365;
const ANY = "";
const SINCE = "date";

/** A line of the form. `read` gives what it asks, or null where it asks nothing or lacks a day. */
export interface ConditionLine {
  readonly node: HTMLElement;
  read(): Condition | null;
  number(place: number): void;
  focus(): void;
}

/** Return a line that shows a condition. */
export function conditionLine(condition: Condition, frameworks: Frameworks, onRemove: () => void): ConditionLine {
  const standard = standardPicker(condition, frameworks);
  // Where the focus goes when a line asks nothing, which is told there.
  standard.setAttribute("aria-describedby", "requirement-problem");
  const subject = element("select", {}) as HTMLSelectElement;
  const subjectField = field("page.views.line-form.item", subject);
  const level = levelPicker(condition, frameworks);
  const layer = layerPicker(condition);
  const age = agePicker(condition.newerThan);
  const legend = element("legend", {}) as HTMLElement;
  const remove = element("button", { type: "button", class: "second" }) as HTMLElement;
  remove.addEventListener("click", onRemove);
  const fillSubjects = () => {
    const chosen = frameworks.get(standard.value);
    subject.replaceChildren(...(chosen ? subjectsOf(chosen) : []));
    subjectField.hidden = chosen === null;
  };
  standard.addEventListener("change", fillSubjects);
  fillSubjects();
  if (condition.skill) subject.value = `item:${condition.skill.item}`;
  if (condition.area) subject.value = `area:${condition.area.area}`;
  return {
    node: element(
      "fieldset",
      { class: "line" },
      legend,
      field("page.views.line-form.standard", standard),
      subjectField,
      field("page.views.line-form.level", level),
      field("page.views.line-form.layer", layer),
      age.nodes,
      remove,
    ) as HTMLElement,
    read: () => asked(standard.value, subject.value, { level: level.value, layer: layer.value, age, frameworks }),
    number(place) {
      legend.textContent = t("page.views.line-form.title", { number: String(place) });
      remove.textContent = t("page.views.line-form.remove", { number: String(place) });
    },
    focus: () => standard.focus(),
  };
}

interface Rest {
  readonly level: string;
  readonly layer: string;
  readonly age: AgePicker;
  readonly frameworks: Frameworks;
}

function asked(framework: string, subject: string, { level, layer, age, frameworks }: Rest): Condition | null {
  const [kind, id = ""] = subject.split(":");
  const condition: Condition = {
    skill: framework && kind === "item" ? { framework, item: id } : null,
    area: framework && kind === "area" ? { framework, area: id } : null,
    level: level ? frameworks.parseLevel(level) : null,
    layer: layer ? Number(layer) : null,
    newerThan: age.read(),
  };
  const asks = condition.skill || condition.area || condition.level || condition.layer !== null;
  return asks && age.isWhole() ? condition : null;
}

function standardPicker({ skill, area }: Condition, frameworks: Frameworks): HTMLSelectElement {
  const options = [...frameworks.byKey.values()].map((one) => option(one.key, one.name[language()]));
  return picker([option(ANY, t("page.views.line-form.any-item")), ...options], (skill ?? area)?.framework ?? ANY);
}

/** Return an area's items, and before them the area itself. */
function subjectsOf({ areas, items }: Framework): HTMLElement[] {
  const spoken = language();
  return areas.map((area) =>
    element(
      "optgroup",
      { label: area.name[spoken] },
      option(`area:${area.id}`, t("page.views.line-form.whole-area", { area: area.name[spoken] })),
      [...items.values()]
        .filter((item) => item.area === area.id)
        .map((item) => option(`item:${item.id}`, item.name[spoken])),
    ),
  ) as HTMLElement[];
}

/** Return every scale with its steps: a level is always one of a scale. */
function levelPicker({ level }: Condition, frameworks: Frameworks): HTMLSelectElement {
  const groups = [...frameworks.byKey.values()].flatMap((framework) =>
    framework.schemes.map((scheme) =>
      element(
        "optgroup",
        { label: scheme.name[language()] },
        scheme.steps.map((step) => {
          const code = codeOf({ framework: framework.key, scheme: scheme.id, value: step.value });
          return option(code, t("page.views.condition.level", { level: step.name[language()] }));
        }),
      ),
    ),
  ) as HTMLElement[];
  return picker([option(ANY, t("page.views.line-form.any")), ...groups], level ? codeOf(level) : ANY);
}

function layerPicker({ layer }: Condition): HTMLSelectElement {
  const options = [...LAYERS.keys()].map((one) => option(String(one), t(`page.views.layer.${one}`)));
  return picker([option(ANY, t("page.views.line-form.any")), ...options], layer === null ? ANY : String(layer));
}

interface AgePicker {
  readonly nodes: readonly HTMLElement[];
  /** Whether a day was given where one is needed. */
  isWhole(): boolean;
  read(): NewerThan | null;
}

/** Return the picker of an age: years, whatever other days a file asked for, or a day. */
function agePicker(newerThan: NewerThan | null): AgePicker {
  const days = newerThan && "days" in newerThan ? newerThan.days : null;
  const years = YEARS.map((one) =>
    option(String(one * YEAR_DAYS), t("page.views.condition.years", { years: amount(one, "year") })),
  );
  const isOdd = days !== null && !YEARS.includes(days / YEAR_DAYS);
  const odd = isOdd ? [option(String(days), t("page.views.condition.days", { days: amount(days, "day") }))] : [];
  const choices = [
    option(ANY, t("page.views.line-form.any")),
    ...years,
    ...odd,
    option(SINCE, t("page.views.line-form.since")),
  ];
  const select = picker(choices, newerThan && "date" in newerThan ? SINCE : String(days ?? ANY));
  const date = element("input", { type: "date" }) as HTMLInputElement;
  if (newerThan && "date" in newerThan) date.value = newerThan.date;
  const dateField = field("page.views.line-form.day", date);
  const showDate = () => {
    dateField.hidden = select.value !== SINCE;
  };
  select.addEventListener("change", showDate);
  showDate();
  return {
    nodes: [field("page.views.line-form.age", select), dateField],
    isWhole: () => select.value !== SINCE || date.value !== "",
    read() {
      if (select.value !== SINCE) return select.value ? { days: Number(select.value) } : null;
      return date.value ? { date: date.value } : null;
    },
  };
}

function picker(options: readonly HTMLElement[], value: string): HTMLSelectElement {
  const select = element("select", {}, options) as HTMLSelectElement;
  select.value = value;
  return select;
}

function option(value: string, text: string): HTMLElement {
  return element("option", { value }, text) as HTMLElement;
}

function field(key: string, input: HTMLElement): HTMLElement {
  return element("label", { class: "field" }, t(key), input) as HTMLElement;
}
