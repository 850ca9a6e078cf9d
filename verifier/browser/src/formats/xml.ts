// A reader of XML 1.0 with namespaces that knows no document types, and so no entities but the five: DOMParser expands
// others, differs from browser to browser, and is closed to a page that asks for trusted types.

const SPACE = "[ \\t\\n]"; // carriage returns are gone by then
// Names without a colon, of the letters that drawings are written in and that every edition of XML 1.0 has: Latin, Greek,
// Cyrillic, kana, kanji, hangul. The server's parser knows some more.
const START =
  "A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u0131\\u0391-\\u03a1\\u03a3-\\u03ce\\u0410-\\u044f\\u3007\\u3041-\\u3094" +
  "\\u30a1-\\u30fa\\u4e00-\\u9fa5\\uac00-\\ud7a3";
const NAME = `[${START}][${START}\\-.0-9\\u00b7\\u0300-\\u0345\\u3005\\u30fc-\\u30fe]*`;
const QUALIFIED_NAME = new RegExp(`(?:(${NAME}):)?(${NAME})`, "y");
const TARGET = new RegExp(NAME, "y");
const SPACES = new RegExp(`${SPACE}+`, "y");
const EQUALS = new RegExp(`${SPACE}*=${SPACE}*`, "y");
const QUOTED = /"([^<"]*)"|'([^<']*)'/y;
const REFERENCE = /&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|([a-z]+));|&/g;
const DECLARATION = new RegExp(
  `<\\?xml${SPACE}+version${SPACE}*=${SPACE}*(["'])[A-Za-z0-9._-]*\\1` +
    `(?:${SPACE}+encoding${SPACE}*=${SPACE}*(["'])[A-Za-z][A-Za-z0-9._-]*\\2)?` +
    `(?:${SPACE}+standalone${SPACE}*=${SPACE}*(["'])(?:yes|no)\\3)?${SPACE}*\\?>`,
  "y",
);
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;
const ENTITIES = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);
const XML = "http://www.w3.org/XML/1998/namespace";
const XMLNS = "http://www.w3.org/2000/xmlns/";

/** The text is not well-formed, or has a document type. */
export class XmlError extends Error {}

/** Names are `{namespace}name`, or the name alone where it has no namespace. */
export interface XmlEvents {
  start(name: string, attributes: ReadonlyMap<string, string>): void;
  end(): void;
  text(text: string): void;
}

/**
 * Read a whole document, and call `events` for its elements and texts in their order.
 *
 * @param documentType The one document type that is passed over unread; a sticky pattern.
 * @throws XmlError for what is not well-formed, undeclared prefixes and entities included; and what `events` throw.
 */
export function readXml(text: string, documentType: RegExp, events: XmlEvents): void {
  const lines = text.replace(/\r\n?/g, "\n");
  if (FORBIDDEN.test(lines)) throw new XmlError("a character that XML does not have");
  new Reader(lines, documentType, events).document();
}

type Namespaces = ReadonlyMap<string, string>;
interface Open {
  readonly rawName: string;
  readonly namespaces: Namespaces;
}
interface Attribute {
  readonly rawName: string;
  readonly prefix: string;
  readonly local: string;
  readonly value: string;
}

class Reader {
  private at = 0;
  private readonly open: Open[] = [];

  constructor(
    private readonly source: string,
    private readonly documentType: RegExp,
    private readonly events: XmlEvents,
  ) {}

  document(): void {
    if (new RegExp(`^<\\?xml${SPACE}`).test(this.source)) this.need(DECLARATION);
    this.prolog();
    this.element();
    while (this.open.length > 0) this.content();
    this.miscellany();
    if (this.at < this.source.length) throw new XmlError("something after the document");
  }

  private prolog(): void {
    const plain = this.miscellany();
    if (!this.sees("<!DOCTYPE")) return;
    // The server takes an instruction's first `>` for its end, and then meets no document type that it knows.
    if (!plain) throw new XmlError("a document type behind an instruction with a `>`");
    this.need(this.documentType);
    this.miscellany();
  }

  /** Pass over white space, comments and instructions; tell whether no instruction has a `>` inside. */
  private miscellany(): boolean {
    let plain = true;
    for (;;) {
      if (this.take(SPACES)) continue;
      if (this.sees("<!--")) this.comment();
      else if (this.sees("<?")) plain = !this.instruction().includes(">") && plain;
      else return plain;
    }
  }

  private content(): void {
    if (this.sees("<!--")) this.comment();
    else if (this.sees("<![CDATA[")) this.events.text(this.until("<![CDATA[", "]]>"));
    else if (this.sees("<?")) this.instruction();
    else if (this.sees("</")) this.endTag();
    else if (this.sees("<")) this.element();
    else this.characters();
  }

  private characters(): void {
    const end = this.source.indexOf("<", this.at);
    if (end < 0) throw new XmlError("an element that does not end");
    const raw = this.source.slice(this.at, end);
    if (raw.includes("]]>")) throw new XmlError("the end of a section that did not begin");
    this.at = end;
    this.events.text(resolved(raw));
  }

  private comment(): void {
    this.until("<!--", "--");
    if (!this.sees(">")) throw new XmlError("two hyphens in a comment");
    this.at += 1;
  }

  private instruction(): string {
    this.at += "<?".length;
    const target = this.need(TARGET);
    if (target.toLowerCase() === "xml" || !(this.sees("?>") || this.take(SPACES))) throw new XmlError("no instruction");
    return this.until("", "?>");
  }

  private element(): void {
    if (!this.sees("<")) throw new XmlError("no element");
    this.at += 1;
    const rawName = this.need(QUALIFIED_NAME);
    const attributes = this.attributes();
    const namespaces = declared(attributes, this.open.at(-1)?.namespaces ?? new Map([["xml", XML]]));
    const empty = this.sees("/");
    if (empty) this.at += 1;
    if (!this.sees(">")) throw new XmlError("a tag that does not end");
    this.at += 1;
    this.events.start(expandedName(rawName, namespaces), expandedAttributes(attributes, namespaces));
    if (empty) this.events.end();
    else this.open.push({ rawName, namespaces });
  }

  private attributes(): readonly Attribute[] {
    const attributes: Attribute[] = [];
    while (this.take(SPACES) && !this.sees(">") && !this.sees("/")) {
      const rawName = this.need(QUALIFIED_NAME);
      this.need(EQUALS);
      const [prefix, local] = split(rawName);
      const quoted = this.need(QUOTED);
      // White space becomes spaces, unless it is written as a reference.
      const value = resolved(quoted.slice(1, -1).replace(/[\t\n]/g, " "));
      attributes.push({ rawName, prefix, local, value });
    }
    if (new Set(attributes.map(({ rawName }) => rawName)).size !== attributes.length) {
      throw new XmlError("an attribute that stands twice");
    }
    return attributes;
  }

  private endTag(): void {
    this.at += "</".length;
    const rawName = this.need(QUALIFIED_NAME);
    this.take(SPACES);
    if (!this.sees(">") || this.open.pop()?.rawName !== rawName) throw new XmlError("another end than the start's");
    this.at += 1;
    this.events.end();
  }

  private sees(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  /** Pass over `opening`, and return what stands before `closing`, which is passed over too. */
  private until(opening: string, closing: string): string {
    const start = this.at + opening.length;
    const end = this.source.indexOf(closing, start);
    if (end < 0) throw new XmlError("something that does not end");
    this.at = end + closing.length;
    return this.source.slice(start, end);
  }

  /** Return what the sticky pattern finds here and pass over it, or null. */
  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  private need(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === null) throw new XmlError("another character than the grammar's");
    return found;
  }
}

function split(rawName: string): [prefix: string, local: string] {
  const [first = "", second] = rawName.split(":");
  return second === undefined ? ["", first] : [first, second];
}

/** Return the namespaces inside an element. */
function declared(attributes: readonly Attribute[], outer: Namespaces): Namespaces {
  const declarations = attributes.filter(isDeclaration);
  if (declarations.length === 0) return outer;
  const inner = new Map(outer);
  for (const { prefix, local, value } of declarations) {
    const name = prefix === "" ? "" : local;
    const reserved = name === "xmlns" || value === XMLNS || (name === "xml") !== (value === XML);
    // The server's names end their namespace with a brace.
    if (reserved || (name !== "" && value === "") || value.includes("}")) throw new XmlError("no namespace");
    inner.set(name, value);
  }
  return inner;
}

function isDeclaration({ prefix, rawName }: Attribute): boolean {
  return prefix === "xmlns" || rawName === "xmlns";
}

function expandedName(rawName: string, namespaces: Namespaces): string {
  const [prefix, local] = split(rawName);
  const namespace = namespaces.get(prefix);
  if (prefix !== "" && namespace === undefined) throw new XmlError("a prefix that nobody declared");
  return namespace ? `{${namespace}}${local}` : local;
}

function expandedAttributes(attributes: readonly Attribute[], namespaces: Namespaces): ReadonlyMap<string, string> {
  const expanded = new Map<string, string>();
  for (const attribute of attributes.filter((one) => !isDeclaration(one))) {
    // An attribute without a prefix has no namespace, whatever its element has.
    const name = attribute.prefix === "" ? attribute.local : expandedName(attribute.rawName, namespaces);
    if (expanded.has(name)) throw new XmlError("an attribute that stands twice");
    expanded.set(name, attribute.value);
  }
  return expanded;
}

/** Return a text with its references resolved. */
function resolved(raw: string): string {
  return raw.replace(REFERENCE, (_reference, hexadecimal?: string, decimal?: string, entity?: string) => {
    const character =
      entity === undefined
        ? characterOf(hexadecimal ? parseInt(hexadecimal, 16) : Number(decimal))
        : ENTITIES.get(entity);
    if (character === undefined) throw new XmlError("a reference to nothing");
    return character;
  });
}

function characterOf(point: number): string | undefined {
  if (!(point <= 0x10ffff)) return undefined;
  const character = String.fromCodePoint(point);
  return FORBIDDEN.test(character) ? undefined : character;
}
