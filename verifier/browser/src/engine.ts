// Everything that a page needs to check badges: made once, and only when there is something to check.

import type { Snapshot } from "./accreditation/register";
import { readSnapshot } from "./accreditation/snapshot";
import type { StandardDocuments } from "./documents";
import { BadgeError } from "./errors";
import { frameworksIn, type Frameworks } from "./frameworks";
import { violations } from "./schema";
import { receive, type Readers } from "./verify/intake";
import { StatusLists } from "./verify/lists";
import { PAGE_READERS } from "./verify/readers";
import type { Report } from "./verify/report";
import { SeenInBrowser, SeenInMemory, type Seen } from "./verify/seen";
import { Trust } from "./verify/trust";
import { checkBytes, checkText, needsServer, type Desk } from "./verify/verify";
import { EndingWeb, MapWeb, type Web } from "./verify/web";
import { isKeptAnswer } from "./offline";
import { loadDocuments, loadRegistry, PageWeb, type Fetch } from "./web";

/** Why only the server can check something: its words are `page.consent.why-<why>`. */
export type Why = "link" | "format" | "browser";

/** What was found in what somebody gave: `text` is the badge's own, `link` leads to one, `codes` are a picture's. */
interface Found {
  readonly text: string | null;
  readonly link: string | null;
  readonly codes: readonly string[];
}

/** What a check came to. */
export type Checked = Found & { readonly report: Report } & (
    { readonly kind: "report" } | { readonly kind: "consent"; readonly why: Why }
  );

const WHY: Readonly<Record<string, Why>> = { "link-not-followed": "link", "unsupported-here": "browser" };

// What programs in a page check with (pages/core.ts): from here, so that no part of it has to be one of its own.
export { checkBytes, loadDocuments, MapWeb, needsServer, PAGE_READERS, readSnapshot, StatusLists, Trust };

// A page may lie open for days; what it checks by is asked for anew before a badge that comes later than this.
const FRESH_MILLISECONDS = 300_000;

// Of a whole history: issuers who answer nothing must not keep an employer waiting badge by badge.
const MAX_MILLISECONDS_FOR_ALL = 60_000;
const AT_ONCE = 6;

let made: { readonly engine: Promise<Engine>; readonly at: number } | null = null;

/**
 * Return what checks badges in this page. Whoever asks again within five minutes gets the same one, or another try when
 * there was none.
 *
 * @throws UnreachableError if the standards' documents or the register could not be read.
 */
export function engine(): Promise<Engine> {
  const now = Date.now();
  if (made === null || now - made.at > FRESH_MILLISECONDS) {
    const engine = make();
    made = { engine, at: now };
    engine.catch(() => {
      if (made?.engine === engine) made = null;
    });
  }
  return made.engine;
}

async function make(): Promise<Engine> {
  const answers: Answers = { kept: false };
  const ask: Fetch = async (path, init) => {
    const answer = await fetch(path, init);
    if (isKeptAnswer(answer)) answers.kept = true;
    return answer;
  };
  const [documents, registry] = await Promise.all([loadDocuments(), loadRegistry(ask)]);
  const seen = seenHere();
  const snapshot = registry === null ? null : await newestSnapshot(registry, seen, documents);
  return new Engine(documents, snapshot, new StatusLists(seen), new PageWeb(ask), answers);
}

/**
 * Return the register's snapshot, or null for one that is none or older than one seen before.
 *
 * By whose key it is signed, the verifier has seen to: it hands over what it has checked against the key in its settings.
 */
async function newestSnapshot(jws: string, seen: Seen, documents: StandardDocuments): Promise<Snapshot | null> {
  try {
    const snapshot = await readSnapshot(jws, null, documents);
    return (await seen.admit(snapshot.registry, snapshot.number)) ? snapshot : null;
  } catch (error) {
    if (error instanceof BadgeError) return null;
    throw error;
  }
}

function seenHere(): Seen {
  // A page that came without TLS has no cryptography, and can check nothing anyway: it says so of each badge.
  const lasting = typeof indexedDB !== "undefined" && typeof crypto.subtle !== "undefined";
  return lasting ? new SeenInBrowser() : new SeenInMemory();
}

/** What became of requests: `kept` once an answer was one of before, for want of a connection. */
interface Answers {
  kept: boolean;
}

/** Checks badges in this page, by the register and the standards as they were when it was made. */
export class Engine {
  readonly frameworks: Frameworks;

  constructor(
    private readonly documents: StandardDocuments,
    readonly registry: Snapshot | null,
    private readonly lists: StatusLists,
    private readonly web: Web,
    private readonly answers: Readonly<Answers>,
  ) {
    this.frameworks = frameworksIn(documents.frameworks);
  }

  /** Whether anything was checked by an answer of before, for want of a connection. */
  get isBehind(): boolean {
    return this.answers.kept;
  }

  /** Make what is made with the first badge, so that nobody has to wait for it then. */
  getReady(): void {
    violations({ type: ["AchievementCredential"] }, this.documents.schemas);
  }

  /** Return everything that can be found out here about the badge in a text. */
  checkText(text: string): Promise<Report> {
    return checkText(text, this.desk());
  }

  /** Return the same of many badges, within a minute; `progress` hears how many are done. */
  async checkTexts(texts: readonly string[], progress: (done: number) => void): Promise<Report[]> {
    const web = new EndingWeb(this.web, AbortSignal.timeout(MAX_MILLISECONDS_FOR_ALL));
    const reports: Report[] = [];
    const waiting = [...texts.entries()];
    let done = 0;
    let failed = false;
    const checkNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !failed; next = waiting.shift()) {
        const [index, text] = next;
        reports[index] = await checkText(text, { ...this.desk(), web });
        if (!failed) progress((done += 1));
      }
    };
    progress(done);
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, checkNext));
    } finally {
      // Whoever asked knows by now: nobody speaks of progress any more.
      failed = true;
    }
    return reports;
  }

  /** Return what a file, a picture, a PDF, a link or a text comes to; or that only the server can tell. */
  async checkBytes(bytes: Uint8Array): Promise<Checked> {
    const readers = readingOnce();
    const found = await lookInto(bytes, readers);
    const report = await (found.text === null ? checkBytes(bytes, this.desk(), readers) : this.checkText(found.text));
    return needsServer(report)
      ? { ...found, kind: "consent", why: whyOf(report), report }
      : { ...found, kind: "report", report };
  }

  private desk(): Desk {
    const { documents, lists, web } = this;
    return { now: new Date(), web, trust: new Trust(this.registry), lists, documents };
  }
}

/** Return what is inside: what is wrong with it is for a report to say. */
async function lookInto(bytes: Uint8Array, readers: Readers): Promise<Found> {
  const codes: string[] = [];
  const qrTexts = async (picture: Uint8Array): Promise<readonly string[]> => {
    codes.push(...(await readers.qrTexts(picture)));
    return codes;
  };
  try {
    const { text = null, link = null } = await receive(bytes, { ...readers, qrTexts });
    return { text, link, codes };
  } catch {
    return { text: null, link: null, codes };
  }
}

/** Return the page's readers, which read a picture or a PDF once and say the same again. */
function readingOnce(): Readers {
  let codes: Promise<readonly string[]> | null = null;
  let text: Promise<string> | null = null;
  return {
    qrTexts: (picture) => (codes ??= PAGE_READERS.qrTexts(picture)),
    pdfText: (document) => (text ??= PAGE_READERS.pdfText(document)),
  };
}

function whyOf({ findings }: Report): Why {
  const code = findings.find((finding) => finding.outcome === "unknown" && WHY[finding.code] !== undefined)?.code;
  return WHY[code ?? ""] ?? "format";
}
