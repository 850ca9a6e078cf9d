// Skill maps as tables: a filled cell for what was reached, and behind it the badges that show it.

import { element } from "/static/dom.js";
import { t } from "/static/texts.js";
import type { Frameworks, Item } from "../frameworks";
import { isSure, shownIn, type SeenBadge } from "./seen";
import { skillMaps, type MapArea, type MapItem, type SkillMap } from "./skill-map";
import { language, listed } from "./spoken";
import { nameOf } from "./summary";

let drawn = 0;

/** Return the skill maps as tables; null where the badges show no item of a standard that we know. */
export function renderSkillMaps(badges: readonly SeenBadge[], frameworks: Frameworks): HTMLElement | null {
  const maps = skillMaps(badges, frameworks);
  if (maps.length === 0) return null;
  return element(
    "section",
    { class: "skill-maps", "aria-labelledby": "skill-map-title" },
    element("h2", { id: "skill-map-title" }, t("page.views.map.title")),
    element("p", { class: "quiet" }, t("page.views.map.intro")),
    legend(),
    maps.map((map) => renderMap(map, badges)),
  ) as HTMLElement;
}

function legend(): HTMLElement {
  const entry = (look: string) =>
    element(
      "li",
      {},
      element("span", { class: `cell-sample ${look}`, "aria-hidden": "true" }),
      t(`page.views.map.legend-${look}`),
    );
  return element("ul", { class: "legend" }, ["sure", "unsure"].map(entry)) as HTMLElement;
}

function renderMap(map: SkillMap, badges: readonly SeenBadge[]): HTMLElement {
  drawn += 1;
  const id = `skill-map-${drawn}`;
  const table = element(
    "table",
    { class: "skill-map", id },
    element("caption", { class: "visually-hidden" }, captionOf(map)),
    element("thead", {}, headOf(map)),
    map.areas.map((area, index) => bodyOf(map, area, badges, `${id}-${index}`)),
  ) as HTMLTableElement;
  const bare = element("p", { class: "quiet" }, bareAreas(map)) as HTMLElement;
  return element(
    "div",
    { class: "panel" },
    element("h3", {}, map.framework.name[language()]),
    element("p", { class: "quiet" }, scaleNote(map)),
    table,
    bare,
    wholeButton(table, bare),
  ) as HTMLElement;
}

/** Return the names of the areas in which nothing was reached, in one line instead of a row for each. */
function bareAreas({ areas }: SkillMap): string {
  const names = areas.filter(({ reached }) => reached.length === 0).map(({ area }) => area.name[language()]);
  return names.length > 0 ? t("page.views.map.bare-areas", { areas: listed(names) }) : "";
}

function captionOf({ framework, scale }: SkillMap): string {
  const said = language();
  const levels = scale ? scale.name[said] : t("page.views.map.no-level");
  return t("page.views.map.caption", { framework: framework.name[said], levels });
}

function scaleNote({ scale }: SkillMap): string {
  if (!scale) return t("page.views.map.no-level-note");
  return t(scale.own ? "page.views.map.own-scale" : "page.views.map.other-scale", { scale: scale.name[language()] });
}

/** Return the rows of the head: the values of a scale stand below the word that says what they are. */
function headOf({ scale, steps }: SkillMap): HTMLElement[] {
  const item = t("page.views.map.item");
  if (!scale) {
    const covered = element("th", { scope: "col" }, t("page.views.map.covered"));
    return [element("tr", {}, element("th", { scope: "col" }, item), covered)] as HTMLElement[];
  }
  const width = String(steps.length);
  return [
    element(
      "tr",
      {},
      element("th", { scope: "col", rowspan: "2" }, item),
      element("th", { scope: "colgroup", colspan: width }, t("page.views.map.level")),
    ),
    element(
      "tr",
      {},
      steps.map((step) => headCell(step.value, step.name[language()])),
    ),
  ] as HTMLElement[];
}

function headCell(value: string, name: string): HTMLElement {
  return element(
    "th",
    { scope: "col" },
    element("span", { "aria-hidden": "true" }, value),
    element("span", { class: "visually-hidden" }, name),
  ) as HTMLElement;
}

function bodyOf(
  map: SkillMap,
  { area, reached, others }: MapArea,
  badges: readonly SeenBadge[],
  id: string,
): HTMLElement {
  const width = Math.max(map.steps.length, 1) + 1;
  return element(
    "tbody",
    reached.length > 0 ? {} : { class: "other", hidden: "" },
    element(
      "tr",
      { class: "area" },
      element("th", { scope: "rowgroup", colspan: String(width) }, area.name[language()]),
    ),
    reached.flatMap((one, index) => reachedRows(map, one, badges, `${id}-${index}`)),
    others.map((item) => otherRow(item, width)),
  ) as HTMLElement;
}

/** Return the row of an item, and below it the one that names the badges behind a cell. */
function reachedRows(map: SkillMap, { item, steps }: MapItem, badges: readonly SeenBadge[], id: string): HTMLElement[] {
  const evidence = element(
    "tr",
    { class: "evidence", id, hidden: "" },
    element("td", { colspan: String(steps.length + 1) }),
  ) as HTMLTableRowElement;
  const top = steps.findLastIndex((step) => step.length > 0);
  const cells = steps.map((step, index) =>
    step.length === 0
      ? element("td", { class: index < top ? "cell below" : "cell" })
      : element("td", { class: "cell" }, cellButton({ map, item, step: index, badges, numbers: step }, evidence)),
  );
  return [element("tr", {}, element("th", { scope: "row" }, item.name[language()]), cells) as HTMLElement, evidence];
}

/** A cell that was reached: on which step, and by which badges. */
interface Cell {
  readonly map: SkillMap;
  readonly item: Item;
  readonly step: number;
  readonly badges: readonly SeenBadge[];
  readonly numbers: readonly number[];
}

function cellButton(cell: Cell, evidence: HTMLTableRowElement): HTMLElement {
  const { numbers, badges } = cell;
  const sure = numbers.some((number) => isSure(badges[number] as SeenBadge));
  const label = t(sure ? "page.views.map.cell" : "page.views.map.cell-unsure", {
    item: cell.item.name[language()],
    level: levelName(cell),
    count: String(numbers.length),
  });
  const button = element(
    "button",
    {
      type: "button",
      class: sure ? "sure" : "unsure",
      "aria-expanded": "false",
      "aria-controls": evidence.id,
      "aria-label": label,
    },
    String(numbers.length),
  ) as HTMLButtonElement;
  button.addEventListener("click", () => toggle(button, evidence, cell));
  return button;
}

function levelName({ map, step }: Cell): string {
  return map.steps[step]?.name[language()] ?? t("page.views.map.no-level");
}

/** Open the evidence of a cell, or close it; one cell of a row at a time. */
function toggle(button: HTMLButtonElement, evidence: HTMLTableRowElement, cell: Cell): void {
  const opens = button.getAttribute("aria-expanded") !== "true";
  for (const one of button.closest("tr")?.querySelectorAll("button") ?? []) one.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-expanded", String(opens));
  evidence.hidden = !opens;
  if (opens) evidence.firstElementChild?.replaceChildren(evidenceOf(cell));
}

function evidenceOf(cell: Cell): HTMLElement {
  const { badges, numbers } = cell;
  return element(
    "div",
    {},
    element("p", { class: "strong" }, levelName(cell)),
    element(
      "ul",
      {},
      numbers.map((number) => element("li", {}, evidenceLine(badges[number] as SeenBadge, number))),
    ),
  ) as HTMLElement;
}

function evidenceLine(badge: SeenBadge, number: number): string {
  const shown = shownIn(badge, language());
  const provider = shown?.issuer.registered?.name ?? t("page.views.provider.unknown");
  const doubts = [
    badge.report.standing.atIssue === "accredited" ? "" : t("page.views.standing.not-accredited"),
    badge.holder === "own" || badge.holder === "proven" ? "" : t(`page.views.holder.${badge.holder}`),
  ].filter(Boolean);
  return listed([nameOf(badge, number), provider, ...doubts]);
}

function otherRow(item: Item, width: number): HTMLElement {
  return element(
    "tr",
    { class: "other", hidden: "" },
    element("th", { scope: "row" }, item.name[language()]),
    Array.from({ length: width - 1 }, () => element("td", { class: "cell" })),
  ) as HTMLElement;
}

function wholeButton(table: HTMLTableElement, bare: HTMLElement): HTMLElement {
  const others = [...table.querySelectorAll<HTMLElement>(".other")];
  const button = element(
    "button",
    { type: "button", class: "second", "aria-expanded": "false", "aria-controls": table.id },
    t("page.views.map.whole"),
  ) as HTMLButtonElement;
  button.addEventListener("click", () => {
    const opens = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opens));
    button.textContent = opens ? t("page.views.map.less") : t("page.views.map.whole");
    for (const row of others) row.hidden = !opens;
    bare.hidden = opens;
  });
  return button;
}
