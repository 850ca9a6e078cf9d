import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { SeenInBrowser, SeenInMemory } from "../../src/verify/seen";

const LIST = "https://issuer.example/status/1";

test.each([
  ["memory", new SeenInMemory()],
  ["the browser", new SeenInBrowser(() => 1)],
])("a list that is older than the newest seen is refused, kept in %s", async (_where, seen) => {
  expect(await seen.admit(LIST, 5)).toBe(true);
  expect(await seen.admit(LIST, 7)).toBe(true);
  expect(await seen.admit(LIST, 6)).toBe(false);
  expect(await seen.admit(LIST, 7)).toBe(true);
  expect(await seen.admit("https://issuer.example/status/2", 6)).toBe(true);
});

test("what was seen outlives the page, and says no address", async () => {
  await new SeenInBrowser(() => 1).admit("https://issuer.example/status/3", 5);

  expect(await new SeenInBrowser(() => 2).admit("https://issuer.example/status/3", 4)).toBe(false);
  expect(JSON.stringify(await everything())).not.toContain("issuer");
});

function everything(): Promise<unknown[]> {
  return new Promise((resolve) => {
    indexedDB.open("akashi-newest-seen").onsuccess = ({ target }) => {
      const { result } = target as IDBOpenDBRequest;
      const all = result.transaction("numbers").objectStore("numbers").getAll();
      all.onsuccess = () => resolve(all.result);
    };
  });
}
