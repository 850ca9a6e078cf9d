// The database of My badges: this browser's IndexedDB through a few promises. Nothing in it ever goes to a server.

const NAME = "akashi-my-badges";
const VERSION = 1;

/** The stores, each with the member that its records are found under; wrapping keys have names instead. */
const KEY_PATHS = { badges: "id", keys: "thumbprint", claims: "state", shares: "id", wrapping: null } as const;
export type StoreName = keyof typeof KEY_PATHS;
const STORES = Object.keys(KEY_PATHS) as StoreName[];

/** A badge in the wallet, in one or both forms; `key` is the thumbprint of the key that it names, if it names one. */
export interface KeptBadge {
  readonly id: string;
  readonly vcJwt: string | null;
  readonly dataIntegrity: string | null;
  readonly key: string | null;
  readonly added: string;
}

/** A holder's private key as it lies in the database: encrypted under a key that no script can read out. */
export interface KeptKey {
  readonly thumbprint: string;
  readonly publicJwk: PublicJwk;
  readonly wrapped: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
}

/** The public half of a holder's key. */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** A claim that went to an issuer: `offer` is the digest of its token, `received` when the badge came back. */
export interface KeptClaim {
  readonly state: string;
  readonly offer: string;
  readonly key: string;
  readonly issuer: string;
  readonly created: string;
  readonly received: string | null;
}

/** A share that this browser made; `link` is null where only revoking is wanted from then on. */
export interface KeptShare {
  readonly id: string;
  readonly link: string | null;
  readonly manage: string;
  readonly expires: string;
  readonly badges: readonly string[];
  readonly created: string;
  readonly passcode: boolean;
}

/** The record that each store holds. */
export interface Records {
  readonly badges: KeptBadge;
  readonly keys: KeptKey;
  readonly claims: KeptClaim;
  readonly shares: KeptShare;
  readonly wrapping: CryptoKey;
}

/** The wallet, open. */
export interface Wallet {
  readonly database: IDBDatabase;
}

/** What cannot be done with the wallet; `code` says why. */
export class WalletError extends Error {
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/**
 * Open the wallet of this browser, made new where there is none.
 *
 * @throws WalletError "no-storage": switched off, a private window of some browsers, or no room at all.
 */
export async function openWallet(factory: IDBFactory): Promise<Wallet> {
  try {
    const opening = factory.open(NAME, VERSION);
    opening.onupgradeneeded = () => makeStores(opening.result);
    const database = await settled(opening);
    // A newer page in another tab wants to change the stores: it must not have to wait for this one to be closed.
    database.onversionchange = () => database.close();
    return { database };
  } catch (error) {
    throw new WalletError("no-storage", { cause: error });
  }
}

/** Ask the browser not to clear the wallet on its own when room gets short; return whether it promises that. */
export async function askToPersist(storage: StorageManager | undefined): Promise<boolean> {
  try {
    return (await storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

/** One store inside a transaction. */
export interface Store<Name extends StoreName> {
  get(key: string): Promise<Records[Name] | undefined>;
  all(): Promise<Records[Name][]>;
  /** Write a record, in the place of one with the same key. */
  put(record: Records[Name], name?: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The stores of a transaction. Between two calls nothing but these may be awaited: else the transaction ends. */
export type Stores = <Name extends StoreName>(name: Name) => Store<Name>;

/** Do some reading, all of one moment. */
export function read<T>(wallet: Wallet, work: (stores: Stores) => Promise<T>): Promise<T> {
  return transact(wallet, "readonly", work);
}

/**
 * Do some reading and writing as one: all of it is on the disk afterwards, or nothing; other tabs wait for it.
 *
 * @throws WalletError "storage-full", "storage-failed"; or what `work` throws, and then nothing was written.
 */
export function change<T>(wallet: Wallet, work: (stores: Stores) => Promise<T>): Promise<T> {
  return transact(wallet, "readwrite", work);
}

async function transact<T>(
  { database }: Wallet,
  mode: IDBTransactionMode,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const transaction = begin(database, mode);
  const completed = completion(transaction);
  try {
    const result = await work((name) => storeOf(transaction, name));
    await completed;
    return result;
  } catch (error) {
    abort(transaction);
    await completed.catch(() => undefined);
    throw error instanceof DOMException ? failure(error) : error;
  }
}

function begin(database: IDBDatabase, mode: IDBTransactionMode): IDBTransaction {
  try {
    return database.transaction(STORES, mode, { durability: "strict" });
  } catch (error) {
    throw failure(error);
  }
}

function storeOf<Name extends StoreName>(transaction: IDBTransaction, name: Name): Store<Name> {
  const store = transaction.objectStore(name);
  return {
    get: (key) => settled(store.get(key) as IDBRequest<Records[Name] | undefined>),
    all: () => settled(store.getAll() as IDBRequest<Records[Name][]>),
    put: async (record, key) => void (await settled(key === undefined ? store.put(record) : store.put(record, key))),
    remove: (key) => settled(store.delete(key)),
  };
}

function makeStores(database: IDBDatabase): void {
  for (const name of STORES) {
    const keyPath = KEY_PATHS[name];
    database.createObjectStore(name, keyPath === null ? {} : { keyPath });
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new WalletError("storage-failed"));
  });
}

function completion(transaction: IDBTransaction): Promise<void> {
  const completed = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new WalletError("storage-failed"));
  });
  // Should the work itself fail first, nobody waits for this one.
  completed.catch(() => undefined);
  return completed;
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

function failure(error: unknown): WalletError {
  const full = error instanceof DOMException && error.name === "QuotaExceededError";
  return new WalletError(full ? "storage-full" : "storage-failed", { cause: error });
}
