// Reads the QR codes of a picture's pixels, with our own copy of the decoder's WebAssembly.

import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";

const WASM = "/static/app/zxing_reader.wasm";

let loading: Promise<BarcodeDetector> | null = null;

/** The decoder could not be fetched or started. */
export class DecoderError extends Error {}

/**
 * Return the texts of all QR codes in the pixels, each once.
 * Throws DecoderError when there is no decoder; whoever asks again gets another try.
 */
export async function readCodes(pixels: ImageData): Promise<string[]> {
  const detector = await loadDecoder();
  const found = await detector.detect(pixels);
  return [...new Set(found.map((code) => code.rawValue))].filter((text) => text !== "");
}

/** Fetch and start the decoder. Throws DecoderError. */
export function loadDecoder(): Promise<BarcodeDetector> {
  loading ??= start().catch((error: unknown) => {
    loading = null;
    throw new DecoderError("the decoder cannot be loaded", { cause: error });
  });
  return loading;
}

async function start(): Promise<BarcodeDetector> {
  // Left to itself the decoder would be fetched from somebody else's server.
  await prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
