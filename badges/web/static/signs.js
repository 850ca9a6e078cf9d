// The signs of a verdict, drawn: never colour alone.

import { svgElement } from "./dom.js";

const SHAPES = {
  good: ["M24 4 40 10v13c0 10-6.600 16.500-16 20C14.600 39.500 8 33 8 23V10z", "m16 24 6 6 11-12"],
  care: ["M24 6 44 41H4z", "M24 19v10M24 34.500v.5"],
  bad: ["M24 5a19 19 0 1 0 0 38 19 19 0 0 0 0-38z", "m17 17 14 14M31 17 17 31"],
  none: ["M24 5a19 19 0 1 0 0 38 19 19 0 0 0 0-38z", "M18.500 18.500a5.500 5.500 0 1 1 8 5c-1.800 1-2.500 2-2.500 4M24 33.500v.5"],
  absent: ["M24 5a19 19 0 1 0 0 38 19 19 0 0 0 0-38z", "M16 24h16"],
};
const LINES = { fill: "none", stroke: "currentColor", "stroke-width": "4", "stroke-linecap": "round", "stroke-linejoin": "round" };

/**
 * Return a sign; it says nothing that the words beside it do not.
 *
 * @param {"good" | "care" | "bad" | "none" | "absent"} kind "absent" is for what is not there, which accuses nobody.
 */
export function signOf(kind) {
  const [outline, inner] = SHAPES[kind];
  const paths = [outline, inner].map((d) => svgElement("path", { d }));
  return svgElement("svg", { class: "sign", viewBox: "0 0 48 48", ...LINES, "aria-hidden": "true" }, ...paths);
}
