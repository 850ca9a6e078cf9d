// What an employer is shown of several badges: the summary first, then each badge, what they show together, the job's
// requirement, and the record for the file.

import { element } from "/static/dom.js";
import { t } from "/static/texts.js";
import type { Engine } from "../engine";
import { renderBadges } from "../view/badges-list";
import type { Occasion } from "../view/record";
import { renderRecord, type MakePdf } from "../view/record-panel";
import { renderRequirementCheck } from "../view/requirement-form";
import type { SeenBadge } from "../view/seen";
import { renderSkillMaps } from "../view/skill-map-table";
import { renderSummary, summaryLine } from "../view/summary";
import { renderTimeline } from "../view/timeline";

/** What was opened and checked. `share` is the id of the share that it came from; `linkEnds` is when that ends. */
export interface Shown {
  readonly badges: readonly SeenBadge[];
  readonly presentation: string;
  readonly presentationEnds: Date;
  readonly share: string | null;
  readonly linkEnds: string | null;
  readonly engine: Engine;
  readonly checkedAt: Date;
  /** What was asked last, so that a switch of the language keeps it. */
  requirement: Occasion["requirement"];
}

/** Show everything below what `where` holds already; return the summary in one line, to be announced. */
export function showHistory(where: HTMLElement, shown: Shown, verifier: string): string {
  const { badges, engine, checkedAt } = shown;
  const { frameworks } = engine;
  const { share, presentation } = shown;
  const occasion = (): Occasion => ({
    badges,
    checkedAt,
    verifier,
    presentation,
    share,
    requirement: shown.requirement,
  });
  where.append(
    renderSummary(badges),
    renderBadges(badges, { verifier, frameworks }),
    together(shown),
    renderRequirementCheck({
      badges,
      frameworks,
      now: () => checkedAt,
      onChecked: (asked, result) => (shown.requirement = { asked, result }),
      ...(shown.requirement ? { requirement: shown.requirement.asked } : {}),
    }),
    renderRecord(occasion, { frameworks, makePdf }),
  );
  return summaryLine(badges);
}

function together({ badges, engine, checkedAt }: Shown): HTMLElement {
  const drawn = [renderSkillMaps(badges, engine.frameworks), renderTimeline(badges, checkedAt)];
  return element("section", { "aria-label": t("page.my.history") }, drawn) as HTMLElement;
}

/** Paper is a megabyte that few need: it is loaded when somebody asks for it. */
const makePdf: MakePdf = async (blocks, options) => {
  const { layoutPdf, loadFont } = await import("../pages/paper");
  return layoutPdf(blocks, { ...options, font: await loadFont() });
};
