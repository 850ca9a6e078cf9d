import { expect, test } from "vitest";
import { parseUrl } from "../../src/verify/addresses";

const REFUSED = [
  "http://issuer.example/",
  "HTTPS://issuer.example/",
  "https://Issuer.example/",
  "https://issuer.example:8443/",
  "https://user@issuer.example/",
  "https://issuer.example@127.0.0.1/l",
  "https://issuer.example\\@evil.example/",
  "https://issuer.example%2f@evil.example/",
  "https://issuer.example/#here",
  "https://issuer.example/c/../../admin",
  "https://issuer.example/c/./x",
  "https://issuer.example/%2e%2e/admin",
  "https://issuer.example/%0d%0aSet-Cookie:x=1",
  "https://issuer.example/%",
  "https://issuer.example/a b",
  "https://issuer.example/\u202egpj.exe",
  "https://іssuer.example/",
  "https://localhost/",
  "https://issuer.example./",
  "https://issuer..example/",
  "https://-issuer.example/",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://0/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.0.0.0x1/",
  "https://[::1]/",
  "https:issuer.example",
  "//issuer.example/",
  " https://issuer.example/",
  "https://issuer.example/\n",
  "\x00https://issuer.example/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "",
  `https://issuer.example/${"a".repeat(2_048)}`,
];

test.each(REFUSED)("a URL outside the grammar is never asked for: %j", (url) => {
  expect(parseUrl(url)).toBeNull();
});

test("a plain HTTPS URL is taken apart", () => {
  expect(parseUrl("https://xn--ssuer-xye.example:443/a/did.json?x=%E3%81%82")).toEqual({
    host: "xn--ssuer-xye.example",
    target: "/a/did.json?x=%E3%81%82",
  });
  expect(parseUrl("https://issuer.example")?.target).toBe("/");
});
