// The order of the checks, and when to stop; the counterpart of verifier/verify.py.
// Nothing that a document names is asked for before its proof verifies, save the key.

import type { StandardDocuments } from "../documents";
import { BadgeError, ClaimsError, KeyFormatError, ProofError, UnsupportedError, UnsupportedHereError } from "../errors";
import { stamp } from "../keys/date-time-stamp";
import type { PublicKey } from "../keys/public-key";
import { peek, verify, type Peeked } from "../proof";
import type { VerifiedCredential } from "../proof/credential";
import * as checks from "./checks";
import type { Signature, Trusted } from "./checks";
import { IntakeError, receive, type Readers } from "./intake";
import type { StatusLists } from "./lists";
import { failed, NOT_MADE, passed, unknown, verdictOf, warning, type Finding, type Report } from "./report";
import { resolve, UnresolvedKeyError, type ResolvedKey } from "./resolve";
import { shown } from "./shown";
import type { Trust } from "./trust";
import { Recorder, type Web } from "./web";

const LINK = "link-not-followed";
/** What this page cannot find out and the verifier's server may: see `needsServer`. */
const SERVER_MAY_KNOW = [LINK, "unsupported-here", "unsupported-proof"];

/** What one verification works with: the clock, where documents come from, whose word counts, and the standards. */
export interface Desk {
  readonly now: Date;
  readonly web: Web;
  readonly trust: Trust;
  readonly lists: StatusLists;
  readonly documents: StandardDocuments;
}

/**
 * Return everything that this page can find out about the credential in a text. Nothing but the addresses of keys and
 * status lists is asked of `web`. Never throws for what the text holds.
 */
export async function checkText(text: string, desk: Desk): Promise<Report> {
  const visit = { ...desk, web: desk.web instanceof Recorder ? desk.web : new Recorder(desk.web) };
  try {
    return await checkUnverified(peek(text, desk.documents), visit);
  } catch (error) {
    return reportOf(refusal(error), visit);
  }
}

/** Tell whether the verifier's server may know what this page could not find out. Ask before anything is sent. */
export function needsServer({ findings }: Report): boolean {
  return findings.some(({ outcome, code }) => outcome === "unknown" && SERVER_MAY_KNOW.includes(code));
}

/**
 * Return everything that this page can find out about whatever somebody handed in: a file's bytes, or a text's. A link to
 * elsewhere is not followed. Never throws for what they hold; whatever a reader fails with passes through, save
 * BadgeError, IntakeError and UnsupportedHereError.
 */
export async function checkBytes(data: Uint8Array, desk: Desk, readers: Readers): Promise<Report> {
  const visit = { ...desk, web: new Recorder(desk.web) };
  try {
    const received = await receive(data, readers);
    return received.needsServer ? reportOf([unknown("form", LINK)], visit) : await checkText(received.text, visit);
  } catch (error) {
    return reportOf(intakeRefusal(error), visit);
  }
}

function intakeRefusal(error: unknown): Finding[] {
  if (error instanceof IntakeError) return [failed("form", error.code)];
  return error instanceof UnsupportedHereError ? [unknown("form", "unsupported-here")] : refusal(error);
}

async function checkUnverified(unverified: Peeked, desk: Desk): Promise<Report> {
  const form = checks.checkForm(unverified.claims, desk.documents);
  const proven = await prove(unverified, desk);
  if (proven instanceof Array) return reportOf(proven[0]?.check === "form" ? proven : [form, ...proven], desk);
  const [{ credential }, now] = [proven, desk.now.getTime()];
  const { claims } = credential;
  const binding = await checks.checkBinding(proven.signatures, claims, now, desk);
  // A badge by somebody else than it says must not make us read the list that it names.
  const status =
    binding.finding.outcome === "failed"
      ? unknown("status", "not-checked")
      : await checks.checkStatus(claims, desk.lists, now, desk);
  const trusted = checks.checkTrust(claims, binding.key, now, desk);
  const findings = [
    form,
    proven.finding,
    binding.finding,
    checks.checkValidity(credential, now),
    status,
    trusted.finding,
    checks.checkHolder(claims),
    checks.checkEndorsements(claims),
  ];
  return reportOf(findings, desk, { trusted, credential });
}

/** A credential whose every proof verified. */
interface Proven {
  readonly credential: VerifiedCredential;
  readonly signatures: readonly Signature[];
  readonly finding: Finding;
}

/** Return the credential with its proofs verified, or the findings that say why not. */
async function prove(unverified: Peeked, { web, trust }: Desk): Promise<Proven | Finding[]> {
  try {
    const resolved = new Map<string, ResolvedKey>();
    for (const one of unverified.proofs) {
      resolved.set(one.verificationMethod ?? "", await resolve(one, web, trust));
    }
    const keys = new Map<string, PublicKey>([...resolved].map(([id, { key }]) => [id, key]));
    const credential = await verify(unverified, keys);
    return { credential, signatures: signaturesOf(credential, resolved), finding: proofFinding(credential) };
  } catch (error) {
    return refusal(error);
  }
}

function signaturesOf({ proofs }: VerifiedCredential, resolved: ReadonlyMap<string, ResolvedKey>): Signature[] {
  return proofs.flatMap((proof) => {
    const key = resolved.get(proof.verificationMethod ?? "");
    return key ? [{ proof, key }] : [];
  });
}

function proofFinding({ warnings: [first] }: VerifiedCredential): Finding {
  return first === undefined ? passed("proof", "signature-verifies") : warning("proof", first);
}

/** Return what a refusal of a document means for its report. */
function refusal(error: unknown): Finding[] {
  if (error instanceof UnsupportedHereError) return [unknown("proof", "unsupported-here")];
  if (error instanceof UnresolvedKeyError) return [(error.certain ? failed : unknown)("proof", error.code)];
  if (error instanceof KeyFormatError) return [failed("proof", "unusable-key")];
  if (!(error instanceof BadgeError)) throw error;
  const { code, params, pointer } = error;
  if (error instanceof UnsupportedError) return [unknown("proof", code, { params })];
  if (error instanceof ProofError) return [failed("proof", code, { params })];
  return [failed(error instanceof ClaimsError ? "binding" : "form", code, { at: pointer, params })];
}

/** Return the report; a check without a finding was not made. */
function reportOf(
  findings: readonly Finding[],
  { now, web, trust, lists, documents }: Desk,
  found?: { trusted: Trusted; credential: VerifiedCredential },
): Report {
  const { snapshot } = trust;
  const fetched = web instanceof Recorder ? web.fetched : [];
  const all = NOT_MADE.map((notMade) => findings.find((one) => one.check === notMade.check) ?? notMade);
  return {
    findings: all,
    verdict: verdictOf(all),
    standing: { atIssue: found?.trusted.atIssue ?? "unknown", now: found?.trusted.now ?? "unknown" },
    credential: found ? (language) => shown(found.credential, trust, documents, language) : null,
    registry: { number: snapshot?.number ?? null, of: snapshot?.registry || null },
    fetched,
    statusLists: [...new Set(fetched)].flatMap((url) => {
      const start = lists.dateOf(url);
      return start === null ? [] : [{ url, validFrom: stamp(start) }];
    }),
    checkedAt: stamp(now.getTime()),
    checkedBy: "page",
  };
}
