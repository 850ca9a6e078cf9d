import { crc32, deflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BadgeError } from "../src/errors";
import { extract, isPicture } from "../src/formats";
import { badgeLink, readBadgeLink } from "../src/formats/badge-link";
import { IntakeError, receive, type Readers } from "../src/verify/intake";
import { testOfVectors, vector } from "./vectors";

const JWS = "eyJhbGciOiJFZERTQSJ9.e30.AAAA";
const JSON_BADGE = '{"name":"証明"}';
const READERS: Readers = { qrTexts: async () => [], pdfText: async () => JWS };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function code(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof BadgeError) return error.code;
    throw error;
  }
  return "accepted";
}

function chunk(kind: string, data: string): Buffer {
  const body = Buffer.from(kind + data, "utf8");
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

function picture(...chunks: Buffer[]): Uint8Array {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Uint8Array.from(Buffer.concat([signature, chunk("IHDR", "\0".repeat(13)), ...chunks, chunk("IEND", "")]));
}

function drawing(inside: string, before = ""): Uint8Array {
  const namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:ob="https://purl.imsglobal.org/ob/v3p0"';
  return bytes(`${before}<svg ${namespaces}><path d="M0 0"/>${inside}</svg>`);
}

const BAKED = chunk("iTXt", `openbadgecredential\0\0\0\0\0${JSON_BADGE}`);
const ELEMENT = `<ob:credential verify="${JWS}"/>`;

describe("a baked PNG", () => {
  test("gives its credential", async () => {
    expect(await extract(picture(BAKED))).toBe(JSON_BADGE);
    expect(isPicture(picture())).toBe(true);
  });

  test.each([
    ["without a credential", picture(), "no-credential"],
    ["with an older badge", picture(chunk("iTXt", `openbadges\0\0\0\0\0${JSON_BADGE}`)), "open-badges-2"],
    ["with two credentials", picture(BAKED, BAKED), "several-credentials"],
    ["with an older badge too", picture(BAKED, chunk("tEXt", "openbadges\0x")), "several-credentials"],
    ["with a compressed text", picture(chunk("iTXt", "openbadgecredential\0\u0001\0\0\0x")), "bad-png-text"],
    ["with another kind of text", picture(chunk("tEXt", `openbadgecredential\0${JSON_BADGE}`)), "bad-png-text"],
    ["with another spelling", picture(chunk("iTXt", ` OpenBadgeCredential\0\0\0\0\0{}`)), "bad-png-text"],
    ["with a text that stops", picture(chunk("iTXt", "openbadgecredential\0\0\0\0")), "bad-png-text"],
    ["with a zero in it", picture(chunk("iTXt", "openbadgecredential\0\0\0\0\0{\0}")), "bad-png-text"],
    ["with something behind its end", Uint8Array.of(...picture(BAKED), 0), "bad-png"],
    ["with half of its end", picture(BAKED).subarray(0, -3), "bad-png"],
    ["without chunks", picture().subarray(0, 8), "bad-png"],
    ["that is too large", picture(chunk("IDAT", "x".repeat(8 * 1_048_576))), "too-large"],
  ])("is refused %s", async (_name, data, expected) => {
    expect(await code(() => extract(data))).toBe(expected);
  });

  test("whose any bit changed is refused, or was none", async () => {
    const good = picture(BAKED);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Uint8Array.from(good, (byte, index) => (index === at ? byte ^ (1 << bit) : byte));

        expect(await code(() => extract(changed))).toBe(at < 8 ? "no-credential" : "bad-png");
      }),
    );
  });
});

describe("a baked SVG", () => {
  const DOCUMENT_TYPE =
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">';

  test.each([
    [ELEMENT, "", JWS],
    [`<ob:credential verify=" ${JWS}\n"></ob:credential>`, '<?xml version="1.0" encoding="UTF-8"?>\n', JWS],
    [`<ob:credential><![CDATA[${JSON_BADGE}]]></ob:credential>`, DOCUMENT_TYPE, JSON_BADGE],
    ["<ob:credential>&#x7b;&quot;a&quot;:1<!-- no -->}</ob:credential>", "<!-- drawn -->", '{"a":1}'],
    [`<credential xmlns="https://purl.imsglobal.org/ob/v3p0" verify="${JWS}"/>`, "\ufeff", JWS],
  ])("gives its credential: %.40s", async (inside, before, credential) => {
    expect(await extract(drawing(inside, before))).toBe(credential);
  });

  test.each([
    ["without a credential", drawing(""), "no-credential"],
    ["with an empty one", drawing("<ob:credential/>"), "no-credential"],
    ["with one of another namespace", drawing(ELEMENT.replace("<ob:", "<")), "no-credential"],
    ["with one in a comment only", drawing(`<!-- ${ELEMENT} -->`), "no-credential"],
    ["with one in a section only", drawing(`<desc><![CDATA[${ELEMENT}]]></desc>`), "no-credential"],
    ["with an older badge", drawing('<o:assertion xmlns:o="http://openbadges.org"/>'), "open-badges-2"],
    ["with two", drawing(ELEMENT + ELEMENT), "several-credentials"],
    [
      "with an attribute and a text",
      drawing(`<ob:credential verify="${JWS}">{}</ob:credential>`),
      "several-credentials",
    ],
    ["with one that is not under the root", drawing(`<g>${ELEMENT}</g>`), "bad-svg-credential"],
    ["with elements inside", drawing("<ob:credential><g/>{}</ob:credential>"), "bad-svg-credential"],
    ["with another root", bytes("<html><svg/></html>"), "bad-svg"],
    ["with an undeclared prefix", drawing("<x:g/>"), "bad-svg"],
    ["with an undeclared entity", drawing("&nbsp;"), "bad-svg"],
    ["with an attribute twice", drawing('<ob:credential verify="a" verify="b"/>'), "bad-svg"],
    ["with an end that is another's", drawing("<g></a>"), "bad-svg"],
    ["with something behind it", Uint8Array.of(...drawing(ELEMENT), 0x3c, 0x67, 0x2f, 0x3e), "bad-svg"],
    ["that stops", drawing(ELEMENT).subarray(0, -3), "bad-svg"],
    ["with a document type of its own", drawing(ELEMENT, '<!DOCTYPE svg [<!ENTITY a "b">]>'), "bad-svg"],
    ["with another encoding", drawing(ELEMENT, '<?xml version="1.0" encoding="Shift_JIS"?>'), "bad-svg"],
    ["that is no UTF-8", Uint8Array.of(...drawing(ELEMENT).subarray(0, -6), 0xff, ...bytes("</svg>")), "bad-svg"],
    ["that nests too deep", drawing("<g>".repeat(64) + "</g>".repeat(64)), "too-deep"],
    ["that is too large", drawing(" ".repeat(2 * 1_048_576)), "too-large"],
  ])("is refused %s", async (_name, data, expected) => {
    expect(await code(() => extract(data))).toBe(expected);
  });

  test("gives to the letter whatever a section holds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        const badge = JSON.stringify({ text }).replaceAll("]]>", "]]\\u003e");
        fc.pre(!/[\ufffe\uffff]/.test(badge));

        expect(await extract(drawing(`<ob:credential><![CDATA[${badge}]]></ob:credential>`))).toBe(badge);
      }),
    );
  });
});

describe("a text", () => {
  test.each([JWS, JSON_BADGE, ` ${JSON_BADGE}\n`, "[]"])("is its own credential: %j", async (text) => {
    expect(await extract(bytes(text))).toBe(text);
  });

  test.each([
    [bytes(`${JWS}\n`), "white-space"],
    [bytes("hello"), "no-credential"],
    [bytes("\ufeff{}"), "not-utf-8"],
    [Uint8Array.of(0x7b, 0xff, 0x7d), "not-utf-8"],
    [Uint8Array.of(0xff, 0xfe, 0x7b, 0x00), "not-utf-8"],
  ])("is refused: %j", async (data, expected) => {
    expect(await code(() => extract(data))).toBe(expected);
  });
});

describe("a badge link", () => {
  function digits(packed: Uint8Array): string {
    let text = "";
    for (let start = 0; start < packed.length; start += 7) {
      const block = packed.subarray(start, start + 7);
      const width = [0, 3, 5, 8, 10, 13, 15, 17][block.length] ?? 0;
      text += BigInt(`0x${Buffer.from(block).toString("hex")}`)
        .toString()
        .padStart(width, "0");
    }
    return text;
  }

  const DEFLATED = deflateRawSync(Buffer.from("{}"));

  test("brings back a badge to the byte", async () => {
    for (const text of [JWS, JSON_BADGE, ` ${JSON_BADGE}`]) {
      const link = await badgeLink(text, "https://verifier.example/");

      expect(link).toMatch(/^https:\/\/verifier\.example\/v#[0-9]+$/);
      expect(await readBadgeLink(link.split("#")[1] ?? "")).toBe(text);
    }
  });

  test.each([
    ["no digits", ""],
    ["letters", "12a"],
    ["digits of another script", "１２３"],
    ["too many digits", "1".repeat(20_001)],
    ["a length that no bytes have", `${digits(Uint8Array.of(2, ...DEFLATED))}0`],
    ["a block beyond its bytes", "9".repeat(17)],
    ["an unknown kind", digits(Uint8Array.of(3, ...DEFLATED))],
    ["an unfinished stream", digits(Uint8Array.of(2, ...DEFLATED.subarray(0, -1)))],
    ["bytes behind the stream", digits(Uint8Array.of(2, ...DEFLATED, 0))],
    ["a second stream", digits(Uint8Array.of(2, ...DEFLATED, ...DEFLATED))],
    ["no stream", digits(Uint8Array.of(2))],
    ["a stream of gigabytes", digits(Uint8Array.of(2, ...deflateRawSync(Buffer.alloc(65_537))))],
    ["text that is no UTF-8", digits(Uint8Array.of(2, ...deflateRawSync(Buffer.from([0xff]))))],
    ["an empty signature", digits(Uint8Array.of(1, 0, 0, ...deflateRawSync(Buffer.from("{}\0{}"))))],
    ["a signature beyond the end", digits(Uint8Array.of(1, 4, 0, ...DEFLATED))],
    ["no zero between header and payload", digits(Uint8Array.of(1, 0, 1, 7, ...DEFLATED))],
  ])("is refused with %s", async (_name, text) => {
    await expect(readBadgeLink(text)).rejects.toMatchObject({ code: "bad-link" });
  });

  test.each([
    ["hello", "not-a-jws"],
    ["e30.e30.AB", "not-a-jws"],
    ["AA.e30.AA", "not-a-jws"],
    ['{"a":"\ud800"}', "not-utf-8"],
    [`{${" ".repeat(65_536)}}`, "too-large"],
  ])("is not made of what it could not bring back: %.20j", async (text, expected) => {
    await expect(badgeLink(text, "https://verifier.example")).rejects.toMatchObject({ code: expected });
  });
});

describe("what people bring", () => {
  const PHOTO = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
  const LARGE_PHOTO = new Uint8Array(8_388_609);
  LARGE_PHOTO.set(PHOTO);

  function scanning(...texts: string[]): Readers {
    return { ...READERS, qrTexts: async () => texts };
  }

  async function refusal(data: Uint8Array, readers = READERS): Promise<string> {
    try {
      await receive(data, readers);
    } catch (error) {
      if (error instanceof IntakeError || error instanceof BadgeError) return error.code;
      throw error;
    }
    return "accepted";
  }

  test("a text, a picture, a PDF and a badge link give the credential in them, and nobody is asked", async () => {
    const link = await badgeLink(JWS, "https://elsewhere.example");

    for (const data of [bytes(JWS), drawing(ELEMENT), bytes("%PDF-1.7\n"), bytes(`  ${link}\n`)]) {
      expect(await receive(data, READERS)).toEqual({ text: JWS });
    }
  });

  test("a link to elsewhere is left to the server, and to the person's consent", async () => {
    const link = "https://uni.example/badge.json";

    expect(await receive(bytes(`${link}\n`), READERS)).toEqual({ needsServer: "link", link });
    expect(await receive(PHOTO, scanning(link))).toEqual({ needsServer: "link", link });
  });

  test("a picture's own credential comes before its QR code, and a badge in a code before a link", async () => {
    expect(await receive(picture(BAKED), scanning(JWS))).toEqual({ text: JSON_BADGE });
    expect(await receive(PHOTO, scanning("https://uni.example/", JWS, JWS))).toEqual({ text: JWS });
    expect(await receive(picture(), scanning(` ${JSON_BADGE}`))).toEqual({ text: ` ${JSON_BADGE}` });
  });

  test.each([
    ["nothing", new Uint8Array(0), READERS, "empty"],
    ["a text that is too large", bytes(`{${" ".repeat(1_048_576)}`), READERS, "too-large"],
    ["a photograph that is too large", LARGE_PHOTO, READERS, "too-large"],
    ["a photograph without a code", PHOTO, READERS, "no-credential"],
    ["a code without a badge", PHOTO, scanning("tel:110"), "no-credential-in-qr"],
    ["a code with a link that nobody may follow", PHOTO, scanning("https://10.0.0.1/"), "no-credential-in-qr"],
    ["two codes with badges", PHOTO, scanning(JWS, JSON_BADGE), "several-qr-codes"],
    ["a damaged picture with a code", picture(BAKED).subarray(0, -1), scanning(JWS), "bad-png"],
    [
      "a PDF that carries something else",
      bytes("%PDF-"),
      { ...READERS, pdfText: async () => "hello" },
      "no-credential",
    ],
    ["a damaged badge link", bytes("https://v.example/v#1234"), READERS, "bad-link"],
  ])("there is no credential in %s", async (_name, data, readers, expected) => {
    expect(await refusal(data, readers)).toBe(expected);
  });
});

testOfVectors.each(["simple-json.png", "simple-json.svg", "simple-jwt.png", "simple-jwt.svg"])(
  "1EdTech's validator: the credential of %s is found",
  async (name) => {
    const text = await extract(vector("1edtech-validator", "ob30", name));

    expect(name.includes("jwt") ? text.split(".").length : typeof JSON.parse(text)).toBe(
      name.includes("jwt") ? 3 : "object",
    );
  },
);
