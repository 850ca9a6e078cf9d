// Everything about paper, for a page that loads it when somebody asks for it: a megabyte that few need.

export { badgeLink } from "/static/badge-link.js";
export { extract } from "../formats/pdf";
export { certificatePdf } from "../paper/certificate";
export { loadFont } from "../paper/font";
export { layoutPdf } from "../paper/layout";
export { loadPaperTexts } from "../paper/texts";
