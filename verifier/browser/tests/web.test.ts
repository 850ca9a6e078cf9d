import { describe, expect, test } from "vitest";
import { EndingWeb, UnreachableError, type Web } from "../src/verify/web";
import { loadDocuments, loadRegistry, PageWeb } from "../src/web";

const ACCEPT = "application/vc+ld+json";

/** A server that answers every question alike, and remembers the questions. */
function server(status: number, body: string) {
  const asked: string[] = [];
  const ask = async (path: string): Promise<Response> => {
    asked.push(path);
    return new Response(body, { status });
  };
  return { ask, asked };
}

function refusal(code: string, errors: object[] = []) {
  return server(424, JSON.stringify({ code, errors }));
}

async function read(web: Web, url: string): Promise<string> {
  return new TextDecoder().decode(await web.get(url, ACCEPT));
}

describe("what a verification reads, a page asks its own verifier for", () => {
  test.each([
    ["https://issuer.example/providers/kita/did.json", "did:web:issuer.example:providers:kita"],
    ["https://issuer.example/.well-known/did.json", "did:web:issuer.example"],
    ["https://127.0.0.1:8000/a/did.json", "did:web:127.0.0.1%3A8000:a"],
  ])("the document at %s is that of %s", async (url, did) => {
    const { ask, asked } = server(200, JSON.stringify({ document: { id: did } }));

    expect(await read(new PageWeb(ask), url)).toBe(JSON.stringify({ id: did }));
    expect(asked).toEqual([`/v1/keys?did=${encodeURIComponent(did)}`]);
  });

  test("a JWK set is asked for by its issuer's address", async () => {
    const { ask, asked } = server(200, '{"keySet":{"keys":[]}}');

    expect(await read(new PageWeb(ask), "https://uni.example/.well-known/jwks.json")).toBe('{"keys":[]}');
    expect(asked).toEqual(["/v1/keys?did=https%3A%2F%2Funi.example"]);
  });

  test("everything else can only be a status list, and comes as it was signed", async () => {
    const { ask, asked } = server(200, "a.b.c");

    expect(await read(new PageWeb(ask), "https://issuer.example/status/1?x=1&y=2")).toBe("a.b.c");
    expect(asked).toEqual(["/v1/status-lists?url=https%3A%2F%2Fissuer.example%2Fstatus%2F1%3Fx%3D1%26y%3D2"]);
  });

  test.each([
    ["list-url-not-allowed", "not-allowed"],
    ["list-unreachable", "no-answer"],
    ["key-unreachable", "no-answer"],
    ["bad-did", "not-allowed"],
  ])("a refusal as %s is %s", async (code, known) => {
    const web = new PageWeb(refusal(code).ask);

    await expect(web.get("https://issuer.example/status/1", ACCEPT)).rejects.toMatchObject({ code: known });
  });

  test("of a list that the verifier refused, the code says why", async () => {
    const web = new PageWeb(refusal("list-refused", [{ pointer: "", code: "list-not-authentic" }]).ask);

    const refused = web.get("https://issuer.example/status/1", ACCEPT);
    await expect(refused).rejects.toBeInstanceOf(UnreachableError);
    await expect(refused).rejects.toMatchObject({ code: "list-not-authentic" });
  });

  test.each([
    ["key-document-unreadable", ""],
    ["unusable-key", "{}"],
  ])("a key document that was refused as %s reads as badly here", async (code, text) => {
    expect(await read(new PageWeb(refusal(code).ask), "https://issuer.example/.well-known/did.json")).toBe(text);
  });

  test("an answer that is no problem document is a bad status", async () => {
    const web = new PageWeb(server(500, "<html>").ask);

    await expect(web.get("https://issuer.example/status/1", ACCEPT)).rejects.toMatchObject({ code: "http-status" });
  });

  test("without a connection there is no answer", async () => {
    const web = new PageWeb(() => Promise.reject(new TypeError("failed to fetch")));

    await expect(web.get("https://issuer.example/status/1", ACCEPT)).rejects.toMatchObject({ code: "no-answer" });
  });

  test("a server that takes too long is a timeout", async () => {
    const web = new PageWeb(() => Promise.reject(new DOMException("late", "TimeoutError")));

    await expect(web.get("https://issuer.example/status/1", ACCEPT)).rejects.toMatchObject({ code: "timeout" });
  });
});

test("the pinned documents come in one file each", async () => {
  const asked: string[] = [];
  const documents = await loadDocuments(async (path) => {
    asked.push(path);
    return new Response(JSON.stringify({ [path]: {} }));
  });

  expect(documents.frameworks).toEqual({ "/data/frameworks.json": {} });
  expect(asked).toEqual(["/data/contexts.json", "/data/schemas.json", "/data/frameworks.json"]);
});

test("pinned documents that cannot be read are told", async () => {
  await expect(loadDocuments(server(404, "").ask)).rejects.toBeInstanceOf(UnreachableError);
});

test("the register comes as it was signed", async () => {
  expect(await loadRegistry(server(200, "a.b.c\n").ask)).toBe("a.b.c");
});

test("a verifier without a register says so", async () => {
  expect(await loadRegistry(server(404, '{"code":"no-registry"}').ask)).toBeNull();
  await expect(loadRegistry(server(404, "").ask)).rejects.toMatchObject({ code: "http-status" });
});

describe("a web that ends", () => {
  const answering: Web = { get: async () => new TextEncoder().encode("here") };
  const silent: Web = { get: () => new Promise(() => undefined) };

  test("answers until then", async () => {
    expect(await read(new EndingWeb(answering, new AbortController().signal), "https://issuer.example/1")).toBe("here");
  });

  test("keeps nobody waiting longer, and is asked nothing later", async () => {
    const end = new AbortController();
    const asked = read(new EndingWeb(silent, end.signal), "https://issuer.example/1");
    end.abort();

    await expect(asked).rejects.toMatchObject({ code: "timeout" });
    let later = 0;
    const counting: Web = { get: async () => new Uint8Array((later += 1)) };
    await expect(read(new EndingWeb(counting, end.signal), "https://issuer.example/2")).rejects.toMatchObject({
      code: "timeout",
    });
    expect(later).toBe(0);
  });
});
