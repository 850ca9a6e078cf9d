// Numbers that must not fall behind: the newest of each status list and register that this browser has seen.

const MAX_REMEMBERED = 10_000;
const [DATABASE, STORE, BY_USE] = ["akashi-newest-seen", "numbers", "used"];

/** Remembers the newest number of each document. */
export interface Seen {
  /** Tell whether a document with this number is as new as any seen before, and remember it. */
  admit(url: string, number: number): Promise<boolean>;
}

/** Remembers for as long as the page is open. */
export class SeenInMemory implements Seen {
  private readonly numbers = new Map<string, number>();

  async admit(url: string, number: number): Promise<boolean> {
    if (number < (this.numbers.get(url) ?? -Infinity)) return false;
    this.numbers.set(url, number);
    return true;
  }
}

/**
 * Remembers in this browser, up to 10,000 documents; the one that was used longest ago is forgotten first.
 *
 * By the digest of the URL: a badge names that URL, and whoever made the badge may have put anything into it.
 */
export class SeenInBrowser implements Seen {
  private database: Promise<IDBDatabase> | null = null;

  /** @param now The clock, in milliseconds. */
  constructor(private readonly now: () => number = Date.now) {}

  async admit(url: string, number: number): Promise<boolean> {
    this.database ??= open();
    // Before the transaction, which ends when nothing is asked of it.
    const name = await digest(url);
    const transaction = (await this.database).transaction(STORE, "readwrite");
    const store = transaction.objectStore(STORE);
    const known = await answer<{ number: number } | undefined>(store.get(name));
    if (known && number < known.number) return false;
    await answer(store.put({ name, number, used: this.now() }));
    if ((await answer(store.count())) > MAX_REMEMBERED) await forgetOldest(store);
    return true;
  }
}

async function digest(url: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(url)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function forgetOldest(store: IDBObjectStore): Promise<void> {
  const cursor = await answer(store.index(BY_USE).openCursor());
  if (cursor) await answer(cursor.delete());
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: "name" }).createIndex(BY_USE, BY_USE);
  };
  return answer(request);
}

function answer<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's database did not answer"));
  });
}
