import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { couldBeBadge } from "../src/check/given.js";
import { cameraView, centre, enlarged, pictureViews, whole, type View } from "../src/scan/views.js";

const SIGNED = readFileSync(new URL("../../../docs/example/badge.jwt", import.meta.url), "utf8").trim();

describe("a text that can be a badge", () => {
  test.each([
    ["a badge link", "https://verifier.example/v#00281487878521771191751644906752"],
    ["a badge link of a verifier at home", "http://localhost:8000/v#0028"],
    ["a link to a history", "https://verifier.example/h#H4sIAAAAAAAAA6tWKkktLlGyUlAqS8wpTtVRSkksSVSyqgUAxbo8AxsAAAA"],
    ["a link to a share", `https://verifier.example/s/${"Z".repeat(22)}#${"q".repeat(43)}`],
    ["a link to a share with a passcode", `https://verifier.example/s/${"Z".repeat(22)}#${"q".repeat(43)}.p`],
    ["the example badge", SIGNED],
    ["the example badge with a line break after it", `${SIGNED}\r\n`],
    ["a JSON document", '{"type": ["VerifiableCredential"]}'],
  ])("%s is taken", (_, text) => {
    expect(couldBeBadge(text)).toBe(true);
  });

  test.each([
    ["nothing", ""],
    ["an address", "https://example.com/"],
    ["an address that ends like a badge link without digits", "https://verifier.example/v#"],
    ["a badge link whose digits are none", "https://verifier.example/v#12a"],
    ["a script", "javascript:alert(1)/v#1"],
    ["a claim link, which only its owner may have", `https://issuer.example/c#${"x".repeat(43)}`],
    ["a share without its key", `https://verifier.example/s/${"Z".repeat(22)}`],
    ["a network's password", "WIFI:T:WPA;S:home;P:secret;;"],
    ["a name card", "BEGIN:VCARD\nFN:A\nEND:VCARD"],
    ["a list", "[1]"],
    ["a number", "4901234567894"],
  ])("%s is not taken", (_, text) => {
    expect(couldBeBadge(text)).toBe(false);
  });
});

const sizes = fc.tuple(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 9000 }));

function inside(view: View, width: number, height: number): boolean {
  return view.x >= 0 && view.y >= 0 && view.x + view.width <= width && view.y + view.height <= height;
}

describe("the parts of a picture that are looked at", () => {
  test("are inside it, and not made larger than they are but for a camera's small middle", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 9 }), ([width, height], turn) => {
        const views = pictureViews(width, height).map((view) => ({ view, largest: 1 }));
        views.push({ view: cameraView(width, height, turn), largest: turn % 3 === 2 ? 2 : 1 });
        for (const { view, largest } of views) {
          expect(inside(view, width, height)).toBe(true);
          expect(view.targetWidth).toBeLessThanOrEqual(view.width * largest);
          expect(view.targetHeight).toBeLessThanOrEqual(view.height * largest);
          expect(Math.min(view.targetWidth, view.targetHeight)).toBeGreaterThan(0);
        }
      }),
    );
  });

  test("show the middle of a camera's frame with every pixel, and its whole at a glance", () => {
    expect(cameraView(1920, 1080, 0)).toEqual({
      x: 420,
      y: 0,
      width: 1080,
      height: 1080,
      targetWidth: 1080,
      targetHeight: 1080,
    });
    expect(cameraView(1920, 1080, 1)).toMatchObject({
      width: 1920,
      height: 1080,
      targetWidth: 1280,
      targetHeight: 720,
    });
    expect(cameraView(640, 480, 2)).toMatchObject({ x: 80, width: 480, targetWidth: 960, targetHeight: 960 });
    expect(enlarged(1920, 1080)).toMatchObject({ width: 1080, targetWidth: 1600 });
    expect(enlarged(4000, 3000)).toMatchObject({ width: 3000, targetWidth: 3000 });
    expect(centre(480, 640)).toMatchObject({ x: 0, y: 80, width: 480 });
    expect(whole(640, 480, 1280)).toMatchObject({ targetWidth: 640, targetHeight: 480 });
  });

  test("leave no code of 800 pixels a side uncut in a photo of 12 million pixels", () => {
    const tiles = pictureViews(4032, 3024).filter((view) => view.targetWidth === view.width);
    const holds = (x: number, y: number) =>
      tiles.some(
        (tile) => x >= tile.x && y >= tile.y && x + 800 <= tile.x + tile.width && y + 800 <= tile.y + tile.height,
      );

    fc.assert(fc.property(fc.integer({ min: 0, max: 3232 }), fc.integer({ min: 0, max: 2224 }), holds));
  });
});
