// Which URLs may be asked for: the grammar of verifier/addresses.py. Where a host lies on the internet is the server's to
// check, which alone asks it.

const MAX_URL_CHARACTERS = 2_048;
// One grammar for checking and for use, so that nothing can be read in two ways.
const URL_GRAMMAR =
  /^(?<scheme>https?):\/\/(?<host>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::(?<port>[1-9][0-9]{0,4}))?(?<target>(?:\/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?)$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NUMERIC = /^(?:[0-9]+|0x[0-9a-f]*)$/;
/** A percent sign without two digits, or one that hides a control character, a dot, a slash or a backslash. */
const ESCAPE = /%(?![0-9A-Fa-f]{2})|%(?:0[0-9A-Fa-f]|1[0-9A-Fa-f]|7[Ff]|2[Ee]|2[Ff]|5[Cc])/;

/** A URL that may be asked for, taken apart. */
export interface Address {
  readonly host: string;
  readonly target: string;
}

/** Return a URL taken apart, or null if it is none that anybody may ask for: HTTPS at a full domain name, port 443. */
export function parseUrl(url: string): Address | null {
  const found = url.length <= MAX_URL_CHARACTERS ? URL_GRAMMAR.exec(url)?.groups : undefined;
  if (!found || !isSoundTarget(found["target"] ?? "")) return null;
  const { scheme, host = "", port = scheme === "https" ? "443" : "80" } = found;
  if (scheme !== "https" || Number(port) !== 443 || !isSoundHost(host)) return null;
  return { host, target: found["target"] || "/" };
}

function isSoundTarget(target: string): boolean {
  const path = target.split("?", 1)[0] ?? "";
  return !ESCAPE.test(target) && !path.split("/").some((segment) => segment === "." || segment === "..");
}

/** Tell whether a host is a full domain name, and not an IP address in any spelling. */
function isSoundHost(host: string): boolean {
  const labels = host.split(".");
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) && !NUMERIC.test(labels.at(-1) ?? "");
}
