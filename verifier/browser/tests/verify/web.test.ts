import { expect, test } from "vitest";
import { MapWeb, Recorder } from "../../src/verify/web";

const PAGE = new Map([["https://issuer.example/a", Uint8Array.of(1)]]);

test("what was asked for is remembered once, in order, also when it did not answer", async () => {
  const visit = new Recorder(new MapWeb(PAGE));

  await expect(visit.get("https://issuer.example/b", "*/*")).rejects.toMatchObject({ code: "not-served" });
  await visit.get("https://issuer.example/a", "*/*");
  await visit.get("https://issuer.example/a", "*/*");

  expect(visit.fetched).toEqual(["https://issuer.example/b", "https://issuer.example/a"]);
});

test("an address that may not be asked for leaves no trace", async () => {
  const visit = new Recorder(new MapWeb(PAGE));

  await expect(visit.get("https://127.0.0.1/", "*/*")).rejects.toMatchObject({ code: "not-allowed" });

  expect(visit.fetched).toEqual([]);
});

test("one verification does not ask without end", async () => {
  const visit = new Recorder(new MapWeb(PAGE));
  for (let count = 0; count < 16; count += 1) await visit.get("https://issuer.example/a", "*/*");

  await expect(visit.get("https://issuer.example/a", "*/*")).rejects.toMatchObject({ code: "too-much" });
});

test("one verification does not ask for longer than ten seconds", async () => {
  let elapsed = 0;
  const visit = new Recorder(new MapWeb(PAGE), () => elapsed);

  elapsed = 10_001;

  await expect(visit.get("https://issuer.example/a", "*/*")).rejects.toMatchObject({ code: "too-much" });
});
