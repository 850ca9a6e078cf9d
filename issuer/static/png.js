// The badge's picture as PNG, drawn by this browser: a server cannot rely on fonts with Japanese letters.

const WIDTH = 640;
const HEIGHT = 720;
// The signature and the header chunk, which comes first.
const HEADER_END = 33;
const KEYWORD = "openbadgecredential";
// A place on the seal's disc. Some browsers hand out noise instead of what was drawn, to be told apart by nobody.
const PROBE = { x: 320, y: 280, colour: [0x12, 0x38, 0x5b], tolerance: 24 };

/**
 * Return the bytes of the picture with the credential inside, as one uncompressed iTXt chunk.
 *
 * Throws when the browser cannot draw it, or does not say what it drew.
 * Source: Open Badges 3.0 section 5.3.1; PNG, 11.3.3.4.
 */
export async function bakedPng(svgUrl, credential) {
  const picture = new Uint8Array(await (await drawn(svgUrl)).arrayBuffer());
  return new Blob([picture.subarray(0, HEADER_END), textChunk(credential), picture.subarray(HEADER_END)], { type: "image/png" });
}

async function drawn(svgUrl) {
  const image = new Image();
  image.src = svgUrl;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, WIDTH, HEIGHT);
  const seen = context.getImageData(PROBE.x, PROBE.y, 1, 1).data;
  if (PROBE.colour.some((part, index) => Math.abs(part - seen[index]) > PROBE.tolerance)) throw new Error("not what was drawn");
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

// keyword NUL uncompressed method language NUL translated-keyword NUL text
function textChunk(text) {
  const body = new TextEncoder().encode(`iTXt${KEYWORD}\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return chunk;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
