// Where a record is saved: as a file that can be checked again, and as paper for the file.

import { download, element } from "/static/dom.js";
import { t } from "/static/texts.js";
import type { Frameworks } from "../frameworks";
import type { Language } from "../verify/report";
import { recordFile, recordName, recordOf, type Occasion } from "./record";
import { recordBlocks, type Block } from "./record-blocks";
import { language } from "./spoken";

/** How blocks become a PDF that carries a file: what `layoutPdf` of src/paper does with a font. */
export type MakePdf = (
  blocks: readonly Block[],
  options: {
    readonly title: string;
    readonly language: Language;
    readonly attachment: {
      readonly name: string;
      readonly mediaType: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly description: string;
    };
  },
) => Promise<Uint8Array>;

/** What a record is made with. */
export interface RecordTools {
  readonly frameworks: Frameworks;
  readonly makePdf: MakePdf;
}

/** Return the panel; `occasion` is asked when a button is pressed, so that the last requirement is in the record. */
export function renderRecord(occasion: () => Occasion, tools: RecordTools): HTMLElement {
  const problem = element("div", { role: "alert" }) as HTMLElement;
  return element(
    "section",
    { class: "record panel no-print", "aria-labelledby": "record-title" },
    element("h2", { id: "record-title" }, t("page.views.record.title")),
    element("p", {}, t("page.views.record.intro")),
    element(
      "p",
      { class: "actions" },
      button("page.views.record.save-pdf", "", () => savePdf(occasion(), tools, problem)),
      button("page.views.record.save-json", "second", async () => saveFile(occasion())),
    ),
    problem,
    element("p", { class: "quiet" }, t("page.views.record.personal")),
  ) as HTMLElement;
}

function saveFile(occasion: Occasion): void {
  const record = recordOf(occasion);
  download(`${recordName(record)}.json`, recordFile(record), "application/json");
}

/** Save the record as a PDF that carries the file inside. */
async function savePdf(occasion: Occasion, { frameworks, makePdf }: RecordTools, problem: HTMLElement): Promise<void> {
  problem.replaceChildren();
  const [record, title] = [recordOf(occasion), t("page.views.record.title")];
  const attachment = {
    name: `${recordName(record)}.json`,
    mediaType: "application/json",
    bytes: recordFile(record),
    description: title,
  };
  try {
    const pdf = await makePdf(recordBlocks(occasion, record, frameworks), { title, language: language(), attachment });
    download(`${recordName(record)}.pdf`, pdf, "application/pdf");
  } catch {
    problem.replaceChildren(element("p", { class: "note failure" }, t("page.views.record.no-pdf")));
  }
}

function button(key: string, kind: string, onClick: () => Promise<void>): HTMLElement {
  const made = element("button", { type: "button", class: kind || null }, t(key)) as HTMLButtonElement;
  made.addEventListener("click", () => {
    // One at a time: a second press while the first works would save twice.
    made.disabled = true;
    void onClick().finally(() => {
      made.disabled = false;
      made.focus();
    });
  });
  return made;
}
