// For programs in a page: a report on a file, by what they hand in instead of the web, the register and the clock.

import type { StandardDocuments } from "../documents";
import type { Language, Report, ShownCredential } from "../verify/report";
import type { Trust } from "../verify/trust";

/** What a check goes by: the time that counts as now, the pages that there are, and the register's snapshot, or null. */
export interface Given {
  readonly now: Date;
  readonly pages: ReadonlyMap<string, Uint8Array>;
  readonly registry: string | null;
}

/** A report as JSON, with what a person is shown in each language, and whether the server may know more. */
export interface Checked extends Omit<Report, "credential"> {
  readonly credential: Readonly<Record<Language, ShownCredential>> | null;
  readonly needsServer: boolean;
}

/** Return the report on a file. Nothing is asked of anybody but this site, for the documents of the standards. */
export async function check(data: Uint8Array, { now, pages, registry }: Given): Promise<Checked> {
  const { checkBytes, MapWeb, needsServer, PAGE_READERS, StatusLists } = await engine();
  const documents = await standardDocuments();
  const trust = await trustIn(registry, documents);
  const desk = { now, web: new MapWeb(pages), trust, lists: new StatusLists(), documents };
  const report = await checkBytes(data, desk, PAGE_READERS);
  const { credential } = report;
  const shown = credential && { ja: credential("ja"), en: credential("en") };
  return { ...report, credential: shown, needsServer: needsServer(report) };
}

function engine(): Promise<typeof import("../engine")> {
  return import("../engine");
}

let documents: Promise<StandardDocuments> | null = null;

function standardDocuments(): Promise<StandardDocuments> {
  return (documents ??= engine().then(({ loadDocuments }) => loadDocuments()));
}

let known: { text: string | null; trust: Promise<Trust> } | null = null;

/** Return the trust in a register whose handing in is its pin; the last one is remembered. */
function trustIn(text: string | null, documents: StandardDocuments): Promise<Trust> {
  if (known?.text !== text || !known) known = { text, trust: readTrust(text, documents) };
  return known.trust;
}

async function readTrust(text: string | null, documents: StandardDocuments): Promise<Trust> {
  const { readSnapshot, Trust } = await engine();
  return new Trust(text === null ? null : await readSnapshot(text, null, documents));
}
