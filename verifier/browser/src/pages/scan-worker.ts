// The scanner's worker: decodes beside the page, which goes on answering its reader. WebAssembly is compiled here alone,
// so that no page's security policy needs to allow it.

import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";
import { pixelsOf } from "../scan/pixels.js";
import { cameraView } from "../scan/views.js";
import type { Answer, Look, Work } from "../scan/work.js";

const WASM = "/static/app/zxing_reader.wasm";

let detector: Promise<BarcodeDetector> | null = null;

self.addEventListener("message", (event: MessageEvent<Work>) => {
  void work(event.data).then((answer) => {
    self.postMessage(answer);
  });
});

async function work({ id, look }: Work): Promise<Answer> {
  const pixels = pixelsIn(look);
  try {
    detector ??= start();
    const ready = await detector;
    const found = pixels ? await ready.detect(pixels) : [];
    return { id, texts: found.map((code) => code.rawValue) };
  } catch {
    return { id, texts: null };
  }
}

function pixelsIn(look: Look): ImageData | null {
  if (!look) return null;
  if ("pixels" in look) return look.pixels;
  const { frame, turn } = look;
  const pixels = pixelsOf(frame, cameraView(frame.displayWidth, frame.displayHeight, turn));
  // A camera has only a few frames to lend.
  frame.close();
  return pixels;
}

async function start(): Promise<BarcodeDetector> {
  // Left to itself the decoder would be fetched from somebody else's server.
  await prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
