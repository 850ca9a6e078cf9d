// The pixels of a part of a picture or a frame.

import type { View } from "./views.js";

let canvas: OffscreenCanvas | null = null;

/** Return the pixels of a part of a picture, at the size that the view asks for. */
export function pixelsOf(source: CanvasImageSource, view: View): ImageData {
  const { x, y, width, height, targetWidth, targetHeight } = view;
  canvas ??= new OffscreenCanvas(1, 1);
  canvas.width = targetWidth;
  canvas.height = targetHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("there is no canvas to draw on");
  // White where a picture is transparent: black modules on "transparent black" would vanish.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, targetWidth, targetHeight);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, x, y, width, height, 0, 0, targetWidth, targetHeight);
  return context.getImageData(0, 0, targetWidth, targetHeight);
}
