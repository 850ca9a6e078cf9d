import { expect, test } from "vitest";
import { asKept, canGetOld, isKept, isKeptAnswer, nameOf } from "../src/offline";

const HERE = "https://verifier.example";

test.each(["/", "/v", "/h", "/badges?lang=en", "/s/abc", "/static/app/check.js", "/data/contexts.json"])(
  "%s opens without a connection",
  (path) => {
    expect(isKept({ method: "GET", url: HERE + path, page: "" }, HERE)).toBe(true);
  },
);

test.each([
  "/v1/registry",
  "/v1/status-lists?url=https%3A%2F%2Fissuer.example%2Flist",
  "/v1/keys?did=did:web:a.example",
])("what %s said last is for My badges alone", (path) => {
  const url = HERE + path;

  expect(isKept({ method: "GET", url, page: `${HERE}/badges?lang=ja` }, HERE)).toBe(true);
  for (const page of ["", `${HERE}/`, `${HERE}/h`, `${HERE}/s/abc`]) {
    expect(isKept({ method: "GET", url, page }, HERE)).toBe(false);
  }
});

test("nothing that was sent, of another host, or of a share is kept", () => {
  const page = `${HERE}/badges`;

  expect(isKept({ method: "POST", url: `${HERE}/v1/verify`, page }, HERE)).toBe(false);
  expect(isKept({ method: "GET", url: "https://other.example/badges", page }, HERE)).toBe(false);
  expect(isKept({ method: "GET", url: `${HERE}/v1/shares/abc`, page }, HERE)).toBe(false);
});

test("a page is one, in whatever language and for whatever share", () => {
  expect(nameOf(`${HERE}/badges?lang=en`)).toBe("/badges");
  expect(nameOf(`${HERE}/s/one`)).toBe(nameOf(`${HERE}/s/two`));
  expect(nameOf(`${HERE}/v1/status-lists?url=a`)).not.toBe(nameOf(`${HERE}/v1/status-lists?url=b`));
});

test("an answer of before says so, and is else the same", async () => {
  const answer = new Response("a.b.c", { headers: { "Content-Type": "application/jose" } });
  const kept = asKept(answer.clone());

  expect([isKeptAnswer(answer), isKeptAnswer(kept)]).toEqual([false, true]);
  expect([await kept.text(), kept.status, kept.headers.get("content-type")]).toEqual([
    "a.b.c",
    200,
    "application/jose",
  ]);
  expect([`${HERE}/v1/registry`, `${HERE}/static/style.css`].map(canGetOld)).toEqual([true, false]);
});
