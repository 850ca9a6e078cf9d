// Frames of a running camera, one after the other, and the codes in them.

import { readCodes, readFrame } from "./decoder.js";
import { pixelsOf } from "./pixels.js";
import { cameraView } from "./views.js";

/** Wait for a frame that was not looked at yet, and no less than `pause` milliseconds. */
export async function nextFrame(video: HTMLVideoElement, pause: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, pause));
  // Not every browser tells when a frame is there; for the others the pause is the beat.
  if (!("requestVideoFrameCallback" in video)) return;
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
}

/** Return the texts of the codes in the present frame, the `turn`-th that is looked at. Throws DecoderError. */
export async function lookAt(video: HTMLVideoElement, turn: number): Promise<string[]> {
  const { videoWidth, videoHeight } = video;
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || videoWidth === 0) return [];
  // A whole frame goes to the worker without its pixels being touched here; not every browser can do that.
  if ("VideoFrame" in window) return readFrame(new VideoFrame(video), turn);
  return readCodes(pixelsOf(video, cameraView(videoWidth, videoHeight, turn)));
}
