// The seal of a badge, in the shapes of issuer/picture.py: a toothed rim, two ribbons, a tick in a ring.

import { type PDFPage, rgb } from "@cantoo/pdf-lib";

export const BLUE = rgb(0x12 / 255, 0x38 / 255, 0x5b / 255);
export const GOLD = rgb(0xc8 / 255, 0x96 / 255, 0x2b / 255);
const SHADE = rgb(0x9a / 255, 0x6f / 255, 0x14 / 255);
const WHITE = rgb(1, 1, 1);

const RIM = 86;
const VALLEY = 79;
const TEETH = 28;
const DISC = 70;
const RING = 61;
const RING_WIDTH = 3;
const TAIL = [
  [-52, 40],
  [-72, 128],
  [-42, 116],
  [-20, 136],
  [4, 60],
] as const;
/** From the top of the rim to the tips of the ribbons, in the seal's own units. */
export const SEAL_HEIGHT = RIM + 136;
const THICKNESS = 17;
const SHORT_ARM = 39;
const LONG_ARM = 78;

type Point = readonly [number, number];

/** Draw the seal with the top of its rim in the middle at (x, y), so many points high. */
export function drawSeal(page: PDFPage, x: number, y: number, height: number): void {
  const scale = height / SEAL_HEIGHT;
  const middle = { x, y: y - RIM * scale };
  const mirrored = TAIL.map(([across, down]): Point => [-across, down]);
  for (const ribbon of [TAIL, mirrored]) page.drawSvgPath(pathOf(ribbon), { ...middle, scale, color: SHADE });
  page.drawSvgPath(pathOf(rim()), { ...middle, scale, color: GOLD });
  page.drawCircle({ ...middle, size: DISC * scale, color: BLUE });
  page.drawCircle({ ...middle, size: RING * scale, borderColor: WHITE, borderWidth: RING_WIDTH * scale });
  page.drawSvgPath(pathOf(tick()), { ...middle, scale, color: WHITE });
}

function rim(): Point[] {
  return Array.from({ length: 2 * TEETH }, (_, corner) => {
    const radius = corner % 2 ? VALLEY : RIM;
    const angle = (Math.PI * corner) / TEETH;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}

/** Two arms at a right angle, turned by 45 degrees, its middle in the middle. */
function tick(): Point[] {
  const arms = [
    [0, 0],
    [0, LONG_ARM],
    [-THICKNESS, LONG_ARM],
    [-THICKNESS, THICKNESS],
    [-SHORT_ARM, THICKNESS],
    [-SHORT_ARM, 0],
  ] as const;
  const turned = arms.map(([down, up]): Point => [(down + up) * Math.SQRT1_2, (down - up) * Math.SQRT1_2]);
  const [middleX, middleY] = [0, 1].map((axis) => {
    const along = turned.map((point) => point[axis] ?? 0);
    return (Math.min(...along) + Math.max(...along)) / 2;
  });
  return turned.map(([x, y]) => [x - (middleX ?? 0), y - (middleY ?? 0)]);
}

function pathOf(points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
}
