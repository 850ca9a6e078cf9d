// QR codes of badge links, drawn as SVG and PNG.

import { svgElement } from "./dom.js";
import { qrcode } from "./vendor/qrcode-generator.js";

const QUIET_ZONE = 4;
const MODULE_PIXELS = 8;
const SMALLEST_THAT_FITS = 0;

/** Return the matrix of a link, or null when it is longer than a QR code can hold. */
export function qrMatrix(link) {
  for (const correction of ["M", "L"]) {
    try {
      return matrixOf(link, correction);
    } catch {
      // The vendored library throws a string when the data is too long; a weaker correction may still fit.
    }
  }
  return null;
}

function matrixOf(link, correction) {
  const code = qrcode(SMALLEST_THAT_FITS, correction);
  const digits = link.lastIndexOf("#") + 1;
  // Digits take 3.3 bits each in a segment of their own, 8 in one with the rest of the URL.
  const numeric = /^[0-9]+$/.test(link.slice(digits));
  code.addData(numeric ? link.slice(0, digits) : link, "Byte");
  if (numeric) code.addData(link.slice(digits), "Numeric");
  code.make();
  const size = code.getModuleCount();
  return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (__, column) => code.isDark(row, column)));
}

/** Return an SVG element of the matrix; `label` is its text for those who cannot see it. */
export function qrSvg(matrix, label) {
  const size = matrix.length + 2 * QUIET_ZONE;
  const path = matrix.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z`] : [])));
  return svgElement(
    "svg",
    { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" },
    svgElement("rect", { width: size, height: size, fill: "#fff" }),
    svgElement("path", { d: path.join(""), fill: "#000" }),
  );
}

/** Return the bytes of a PNG of the matrix. */
export async function qrPng(matrix) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = (matrix.length + 2 * QUIET_ZONE) * MODULE_PIXELS;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  matrix.forEach((row, y) =>
    row.forEach((dark, x) => {
      if (dark) context.fillRect((x + QUIET_ZONE) * MODULE_PIXELS, (y + QUIET_ZONE) * MODULE_PIXELS, MODULE_PIXELS, MODULE_PIXELS);
    }),
  );
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return new Uint8Array(await blob.arrayBuffer());
}
