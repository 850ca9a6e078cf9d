// What the scanner's worker is asked and what it answers.

/** Pixels, or the frame number `turn` of a camera; null: only get ready. */
export type Look = { readonly pixels: ImageData } | { readonly frame: VideoFrame; readonly turn: number } | null;

export interface Work {
  readonly id: number;
  readonly look: Look;
}

export interface Answer {
  readonly id: number;
  /** Null: it could not be done. */
  readonly texts: string[] | null;
}
