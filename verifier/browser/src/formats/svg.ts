// SVG: one `openbadges:credential` element carries the credential (Open Badges 3.0 section 5.3.2); the reading half of
// badges/formats/svg.py.

import { MalformedDocumentError, NoCredentialError } from "../errors";
import { latin1, strip } from "./bytes";
import { UTF_8_MARK } from "./pictures";
import { readXml, XmlError, type XmlEvents } from "./xml";

const MAX_BYTES = 2 * 1_048_576; // a badge with its own pictures inlined, and a drawing around it
const MAX_DEPTH = 64; // drawings nest in groups; no drawing program writes more
const MAX_ELEMENTS = 50_000;
const ROOT = "{http://www.w3.org/2000/svg}svg";
const CREDENTIAL = "{https://purl.imsglobal.org/ob/v3p0}credential";
const ASSERTION = "{http://openbadges.org}assertion"; // of Open Badges 2
const UNDER_ROOT = 2; // depth
const SPACE = "[ \\t\\n\\v\\f]";
// Drawing programs write the standard's own document type; it is passed over unread. Any other one is refused.
const STANDARD_DOCUMENT_TYPE = new RegExp(
  `<!DOCTYPE${SPACE}+svg${SPACE}+PUBLIC${SPACE}+"-//W3C//DTD SVG 1\\.[01](?: (?:Basic|Tiny))?//EN"` +
    `${SPACE}+"http://www\\.w3\\.org/(?:Graphics/SVG/1\\.1/DTD/svg11(?:-basic|-tiny)?` +
    `|TR/2001/REC-SVG-20010904/DTD/svg10)\\.dtd"${SPACE}*>`,
  "y",
);
const ANOTHER_ENCODING = /^<\?xml[^>]*?encoding\s*=\s*["'](?!utf-?8["'])/i;

/**
 * Return the credential's text: the `verify` attribute (compact JWS), else the element's text (JSON).
 *
 * @throws NoCredentialError "no-credential", or "open-badges-2" when only the older standard's is inside.
 * @throws MalformedDocumentError "bad-svg" (not well-formed UTF-8 XML, another root, or a document type other than SVG's
 *   own), "several-credentials", "bad-svg-credential" (not directly under the root, or with elements inside),
 *   "too-large", "too-deep".
 */
export function extract(picture: Uint8Array): string {
  const elements = read(picture);
  const [element, ...others] = elements;
  if (!element) throw new NoCredentialError("no-credential");
  if (others.length > 0) throw new MalformedDocumentError("several-credentials");
  if (element.name === ASSERTION) throw new NoCredentialError("open-badges-2");
  return credentialIn(element);
}

/** An element that holds a credential. */
interface Found {
  readonly name: string;
  readonly compactJws: string | null;
  readonly depth: number;
  readonly texts: string[];
  elementsInside: number;
}

function read(picture: Uint8Array): readonly Found[] {
  if (picture.length > MAX_BYTES) throw tooLarge();
  // The server's parser would take UTF-16 for what it is, against its instructions; every document in it has a NUL.
  if (picture.includes(0) || ANOTHER_ENCODING.test(latin1(picture.subarray(0, 4096)).replace(UTF_8_MARK, ""))) {
    throw new MalformedDocumentError("bad-svg");
  }
  const finder = new Finder();
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(picture);
    readXml(text, STANDARD_DOCUMENT_TYPE, finder);
  } catch (error) {
    // A TypeError: not UTF-8.
    throw error instanceof XmlError || error instanceof TypeError ? new MalformedDocumentError("bad-svg") : error;
  }
  return finder.elements;
}

/** Finds the elements with credentials, and keeps nothing else of the drawing. */
class Finder implements XmlEvents {
  readonly elements: Found[] = [];
  private open: Found | null = null;
  private depth = 0;
  private number = 0;

  start(name: string, attributes: ReadonlyMap<string, string>): void {
    this.depth += 1;
    this.number += 1;
    if (this.depth > MAX_DEPTH || this.number > MAX_ELEMENTS) {
      throw new MalformedDocumentError("too-deep", { params: { limit: String(MAX_DEPTH) } });
    }
    if (this.depth === 1 && name !== ROOT) throw new MalformedDocumentError("bad-svg");
    if (this.open) this.open.elementsInside += 1;
    if (name !== CREDENTIAL && name !== ASSERTION) return;
    const compactJws = attributes.get("verify") ?? null;
    const element = { name, compactJws, depth: this.depth, texts: [], elementsInside: 0 };
    this.elements.push(element);
    this.open ??= element;
  }

  end(): void {
    if (this.open?.depth === this.depth) this.open = null;
    this.depth -= 1;
  }

  text(text: string): void {
    this.open?.texts.push(text);
  }
}

function credentialIn(element: Found): string {
  if (element.depth !== UNDER_ROOT || element.elementsInside > 0)
    throw new MalformedDocumentError("bad-svg-credential");
  const body = strip(element.texts.join(""));
  if (element.compactJws !== null && body) throw new MalformedDocumentError("several-credentials");
  const credential = element.compactJws === null ? body : strip(element.compactJws);
  if (!credential) throw new NoCredentialError("no-credential");
  return credential;
}

function tooLarge(): MalformedDocumentError {
  return new MalformedDocumentError("too-large", { params: { limit: String(MAX_BYTES) } });
}
