// QR codes in a photo or a screenshot that somebody dropped, pasted or chose; it stays in the page.

import { readCodes } from "./decoder.js";
import { pixelsOf } from "./pixels.js";
import { pictureViews } from "./views.js";

const MAX_PIXELS = 50_000_000;

/** The file is no picture that this browser can show, or has too many pixels; `code` says which. */
export class PictureError extends Error {
  readonly code: "unreadable-picture" | "too-many-pixels";

  constructor(code: "unreadable-picture" | "too-many-pixels") {
    super(code);
    this.code = code;
  }
}

/**
 * Return the distinct texts of the QR codes in a picture; the first size or part that shows any is the last one tried.
 * Throws PictureError, and DecoderError when there is no decoder.
 */
export async function scanPicture(picture: Blob): Promise<string[]> {
  const bitmap = await open(picture);
  try {
    if (bitmap.width * bitmap.height > MAX_PIXELS) throw new PictureError("too-many-pixels");
    for (const view of pictureViews(bitmap.width, bitmap.height)) {
      const texts = await readCodes(pixelsOf(bitmap, view));
      if (texts.length > 0) return texts;
    }
    return [];
  } finally {
    bitmap.close();
  }
}

async function open(picture: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(picture);
  } catch {
    throw new PictureError("unreadable-picture");
  }
}
