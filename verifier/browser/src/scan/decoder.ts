// Reads the QR codes of a picture's pixels, in a worker that starts with the first picture.

import type { Answer, Look, Work } from "./work.js";

const WORKER = "/static/app/scan-worker.js";

interface Waiting {
  readonly resolve: (texts: string[]) => void;
  readonly reject: (error: DecoderError) => void;
}

/** The decoder could not be fetched or started, or it broke. */
export class DecoderError extends Error {}

let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, Waiting>();

/**
 * Return the texts of all QR codes in the pixels, each once. The pixels are handed over: they are gone afterwards.
 * Throws DecoderError; whoever asks again gets another decoder.
 */
export async function readCodes(pixels: ImageData): Promise<string[]> {
  return distinct(await ask({ pixels }, [pixels.data.buffer]));
}

/** Return the texts of all QR codes in the frame number `turn`, which is handed over, too. Throws DecoderError. */
export async function readFrame(frame: VideoFrame, turn: number): Promise<string[]> {
  return distinct(await ask({ frame, turn }, [frame]));
}

/** Fetch and start the decoder. Throws DecoderError. */
export async function loadDecoder(): Promise<void> {
  await ask(null, []);
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== "");
}

async function ask(look: Look, handedOver: Transferable[]): Promise<string[]> {
  const asked = (worker ??= start());
  last += 1;
  const work: Work = { id: last, look };
  return new Promise((resolve, reject) => {
    waiting.set(work.id, { resolve, reject });
    asked.postMessage(work, handedOver);
  });
}

function start(): Worker {
  const started = new Worker(address(), { type: "module" });
  started.addEventListener("message", (event: MessageEvent<Answer>) => {
    const { id, texts } = event.data;
    if (!texts) giveUp();
    waiting.get(id)?.resolve(texts ?? []);
    waiting.delete(id);
  });
  // The script itself could not be fetched.
  started.addEventListener("error", giveUp);
  return started;
}

/** Let everybody know, and start anew next time: a connection may be back by then. */
function giveUp(): void {
  worker?.terminate();
  worker = null;
  for (const { reject } of waiting.values()) reject(new DecoderError("the decoder does not work"));
  waiting.clear();
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(url: string): string };
}

let policy: { createScriptURL(url: string): string } | null = null;

/** Return the worker's address as our security policy wants it: made by the one policy that may, which knows one address. */
function address(): string {
  const { trustedTypes } = window as unknown as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return WORKER;
  policy ??= trustedTypes.createPolicy("akashi-scan", { createScriptURL: () => WORKER });
  return policy.createScriptURL(WORKER);
}
