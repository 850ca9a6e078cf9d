// Which parts of a picture are looked at, and how large: a dense code needs every pixel, a small one in a large picture
// is found where it is, a blurred one is found when the picture is smaller.

/** A part of a picture in its own pixels, and the size at which it is looked at. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly targetWidth: number;
  readonly targetHeight: number;
}

const CAMERA_SIDE = 1280;
const ENLARGED_SIDE = 1600;
const ENLARGED = 2;
const PICTURE_SIDES = [1600, 800, 2400] as const;
const TILE_SIDE = 1600;
const MAX_TILES = 16;

/** Return the whole, no longer than `side`; it is never made larger. */
export function whole(width: number, height: number, side: number): View {
  const scale = Math.min(1, side / Math.max(width, height));
  return {
    x: 0,
    y: 0,
    width,
    height,
    targetWidth: Math.max(1, Math.round(width * scale)),
    targetHeight: Math.max(1, Math.round(height * scale)),
  };
}

/** Return the square in the middle, every pixel of it: where the frame on the screen is. */
export function centre(width: number, height: number): View {
  const side = Math.min(width, height);
  const x = Math.round((width - side) / 2);
  const y = Math.round((height - side) / 2);
  return { x, y, width: side, height: side, targetWidth: side, targetHeight: side };
}

/** Return the square in the middle, enlarged: smoothed like that, a few pixels a module in bad light become readable. */
export function enlarged(width: number, height: number): View {
  const view = centre(width, height);
  const side = Math.round(view.width * Math.max(1, Math.min(ENLARGED, ENLARGED_SIDE / view.width)));
  return { ...view, targetWidth: side, targetHeight: side };
}

/** Return what is looked at in a camera's frame number `turn`: the middle, the whole and the middle enlarged by turns. */
export function cameraView(width: number, height: number, turn: number): View {
  if (turn % 3 === 0) return centre(width, height);
  return turn % 3 === 1 ? whole(width, height, CAMERA_SIDE) : enlarged(width, height);
}

/** Return the parts of a still picture, the likeliest first: the whole at several sizes, then tiles that overlap by half. */
export function pictureViews(width: number, height: number): View[] {
  const longest = Math.max(width, height);
  const sides = PICTURE_SIDES.filter((side, index) => index === 0 || side < longest);
  return [...sides.map((side) => whole(width, height, side)), ...tiles(width, height)];
}

function tiles(width: number, height: number): View[] {
  if (Math.max(width, height) <= TILE_SIDE) return [];
  const found: View[] = [];
  for (const y of starts(height)) {
    for (const x of starts(width)) {
      const size = { width: Math.min(TILE_SIDE, width), height: Math.min(TILE_SIDE, height) };
      found.push({ x, y, ...size, targetWidth: size.width, targetHeight: size.height });
    }
  }
  return found.length <= MAX_TILES ? found : [];
}

function starts(length: number): number[] {
  const last = Math.max(0, length - TILE_SIDE);
  const steps = Math.ceil(last / (TILE_SIDE / 2));
  return Array.from({ length: steps + 1 }, (_, step) => (steps === 0 ? 0 : Math.round((last * step) / steps)));
}
