import { expect, test } from "vitest";
import { escape } from "../src/errors";

test("a token of a JSON Pointer is escaped by RFC 6901", () => {
  expect(escape("a/b~c")).toBe("a~1b~0c");
});
