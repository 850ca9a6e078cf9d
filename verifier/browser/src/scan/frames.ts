// Frames of a running camera, one after the other, and their pixels.

import type { View } from "./views.js";

/** Wait for a frame that was not looked at yet, and no less than `pause` milliseconds. */
export async function nextFrame(video: HTMLVideoElement, pause: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, pause));
  // Not every browser tells when a frame is there; for the others the pause is the beat.
  if (!("requestVideoFrameCallback" in video)) return;
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
}

/** Takes pixels out of frames, on one canvas that lasts as long as the camera runs. */
export class Grabber {
  private readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d", { willReadFrequently: true });

  /** Return the pixels of a part of the present frame, or null when there is none. */
  grab(video: HTMLVideoElement, view: View): ImageData | null {
    if (!this.context || view.targetWidth === 0 || view.targetHeight === 0) return null;
    this.canvas.width = view.targetWidth;
    this.canvas.height = view.targetHeight;
    const { x, y, width, height, targetWidth, targetHeight } = view;
    this.context.drawImage(video, x, y, width, height, 0, 0, targetWidth, targetHeight);
    return this.context.getImageData(0, 0, targetWidth, targetHeight);
  }
}
