// The server's own check: only for what the page cannot check by itself, and only once somebody has agreed.

import { currentLanguage } from "/static/texts.js";
import type { Issue } from "./given";

const PATIENCE_MILLISECONDS = 60_000;

/** A report as the server writes it, its sentences in `language`. */
export type ServersReport = Record<string, unknown>;
/** What went wrong: an issue of ours with a text, or the words of the server's problem document. */
export type Problem = { issue: Issue } | { title: string; detail: string };

/** Send bytes to `POST /v1/verify`; return the report or the problem, and the language in which it was asked. */
export async function askServer(
  bytes: Uint8Array,
  mediaType: string,
): Promise<{ language: string } & ({ report: ServersReport } | { problem: Problem })> {
  const language = currentLanguage();
  try {
    const answer = await fetch(`/v1/verify?lang=${language}`, {
      method: "POST",
      headers: { "Content-Type": mediaType, Accept: "application/json" },
      body: bytes as Uint8Array<ArrayBuffer>,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    const said = await answer.json();
    return answer.ok ? { language, report: said } : { language, problem: { title: said.title, detail: said.detail } };
  } catch (error) {
    const timeout = error instanceof Error && error.name === "TimeoutError";
    return { language, problem: { issue: timeout ? "time" : "network" } };
  }
}
