// The service worker: what was seen once opens without a connection, as it was then. It never sees a badge: those are in
// fragments and in the browser's database, and what is sent (POST) is never kept.

import { asKept, canGetOld, isKept, nameOf } from "../offline";

declare const self: ServiceWorkerGlobalScope;

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  readonly clientId: string;
  respondWith(answer: Promise<Response>): void;
}
interface ServiceWorkerGlobalScope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void>; get(id: string): Promise<{ readonly url: string } | undefined> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}

const CACHE = "akashi-1";
const ALWAYS = [
  "/badges",
  "/",
  "/v",
  "/h",
  "/texts/ja.json",
  "/texts/en.json",
  "/static/style.css",
  "/static/icon.svg",
];
const PARTS = "/static/app/files.json";

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  // Every answer goes through here: which page asks is known only after a moment.
  event.respondWith(answer(event));
});

async function answer({ request, clientId }: FetchEvent): Promise<Response> {
  const page = (await self.clients.get(clientId))?.url ?? "";
  const { method, url } = request;
  return isKept({ method, url, page }, self.location.origin) ? freshOrKept(request) : fetch(request);
}

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  const parts: string[] = await (await fetch(PARTS)).json();
  // One that cannot be had now is kept when it is first used.
  await Promise.allSettled([...ALWAYS, ...parts].map((path) => cache.add(path)));
  await self.skipWaiting();
}

/** Ask the server, which mostly answers "as before"; without a connection, what it said last. */
async function freshOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const name = nameOf(request.url);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(name, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(name);
    if (kept) return canGetOld(request.url) ? asKept(kept) : kept;
    throw error;
  }
}
