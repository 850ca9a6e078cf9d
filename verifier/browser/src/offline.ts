// What opens without a connection: pages, their parts, and what the register and the issuers said last.

const MY_BADGES = "/badges";
const PAGES = ["/", "/v", "/h", MY_BADGES];
const FOLDERS = ["/static/", "/texts/", "/data/", "/s/", "/manifest.webmanifest"];
const KEPT = "Akashi-Kept";
const DOCUMENTS = ["/v1/registry", "/v1/status-lists", "/v1/keys"];

/** A request, as far as keeping its answer goes; `page` is the address of the page that asks, "" for a page itself. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly page: string;
}

/**
 * Tell whether an answer to this request may be kept, and given again without a connection: nothing that was sent, and
 * nothing of other hosts. What the register and the issuers said last is for My badges alone, which says how old it is:
 * an employer must not be shown as good today what was good last week.
 */
export function isKept({ method, url, page }: Asked, origin: string): boolean {
  const { origin: asked, pathname } = new URL(url);
  if (method !== "GET" || asked !== origin) return false;
  if (DOCUMENTS.includes(pathname)) return page !== "" && new URL(page).pathname === MY_BADGES;
  return PAGES.includes(pathname) || FOLDERS.some((folder) => pathname.startsWith(folder));
}

/** Return the name under which an answer is kept: a page is one, in whatever language and for whatever share. */
export function nameOf(url: string): string {
  const { pathname, search } = new URL(url);
  if (pathname.startsWith("/s/")) return "/s/";
  return PAGES.includes(pathname) ? pathname : pathname + search;
}

/** Return whether an answer may be old: the register's or an issuer's, which the page must tell from a new one. */
export function canGetOld(url: string): boolean {
  return DOCUMENTS.includes(new URL(url).pathname);
}

/** Return an answer of before, marked as one. */
export function asKept({ body, status, headers }: Response): Response {
  return new Response(body, { status, headers: { ...Object.fromEntries(headers), [KEPT]: "1" } });
}

/** Tell whether an answer is one of before. */
export function isKeptAnswer({ headers }: Response): boolean {
  return headers.has(KEPT);
}

/** Register the service worker, where there can be one. */
export async function workOffline(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(trusted("/service-worker.js"), { scope: "/" });
  } catch {
    // A private window, say; the page works all the same.
  }
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

/** Return the address as our security policy wants it: made by the one policy that may, which knows one address. */
function trusted(address: string): string {
  const { trustedTypes } = window as unknown as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return address;
  const policy = trustedTypes.createPolicy("akashi-offline", {
    createScriptURL: (url) => (url === "/service-worker.js" ? url : ""),
  });
  return policy.createScriptURL(address);
}
