// Where documents of others come from, and what one verification has asked for: the counterpart of verifier/web.py.

import { parseUrl } from "./addresses";

/** After which one verification asks for nothing more. */
const MAX_MILLISECONDS_IN_ALL = 10_000;
/** Of one verification: a badge with four proofs and four status lists needs twelve. */
const MAX_REQUESTS = 16;

/**
 * A document could not be read, or may not be; `code` says why: "not-allowed" (the URL is none that may be asked for),
 * "not-public", "unknown-host", "no-answer", "timeout", "too-large", "http-status", "redirect", "not-served", "too-much"; or
 * what the server found wrong with a list before it handed it over, as `ListError` has it: "list-not-authentic" and so on.
 */
export class UnreachableError extends Error {
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(`the document could not be read: ${code}`, options);
    this.code = code;
  }
}

/** Where documents are read from. */
export interface Web {
  /**
   * Return the document at a URL.
   *
   * @throws UnreachableError if it could not be read.
   */
  get(url: string, accept: string): Promise<Uint8Array>;
}

/** A web of pages at hand: every other URL is refused, with `code` if it may be asked for. */
export class MapWeb implements Web {
  readonly fetched: string[] = [];

  constructor(
    private readonly pages: ReadonlyMap<string, Uint8Array>,
    private readonly code = "not-served",
  ) {}

  async get(url: string, _accept: string): Promise<Uint8Array> {
    const page = this.pages.get(url);
    if (!page && !parseUrl(url)) throw new UnreachableError("not-allowed");
    this.fetched.push(url);
    if (!page) throw new UnreachableError(this.code);
    return page;
  }
}

/** The web until a signal: what is asked for later, or not there by then, is not read. */
export class EndingWeb implements Web {
  constructor(
    private readonly web: Web,
    private readonly end: AbortSignal,
  ) {}

  async get(url: string, accept: string): Promise<Uint8Array> {
    if (this.end.aborted) throw new UnreachableError("timeout");
    const over = new Promise<never>((_, reject) => {
      this.end.addEventListener("abort", () => reject(new UnreachableError("timeout")), { once: true });
    });
    return Promise.race([over, this.web.get(url, accept)]);
  }
}

/**
 * The web as one verification uses it: remembers what was asked for, once each, and does not ask without end.
 *
 * A URL that may not be asked for leaves no trace: nobody asked. `elapsed` is a clock that only runs forward, in
 * milliseconds.
 */
export class Recorder implements Web {
  private readonly urls = new Set<string>();
  private readonly end: number;
  private requests = 0;

  constructor(
    private readonly web: Web,
    private readonly elapsed: () => number = () => performance.now(),
  ) {
    this.end = elapsed() + MAX_MILLISECONDS_IN_ALL;
  }

  /** Every URL that was asked for, in order. */
  get fetched(): readonly string[] {
    return [...this.urls];
  }

  async get(url: string, accept: string): Promise<Uint8Array> {
    this.requests += 1;
    if (this.requests > MAX_REQUESTS || this.elapsed() > this.end) throw new UnreachableError("too-much");
    try {
      const data = await this.web.get(url, accept);
      this.urls.add(url);
      return data;
    } catch (error) {
      if (error instanceof UnreachableError && error.code !== "not-allowed") this.urls.add(url);
      throw error;
    }
  }
}
