// Which texts of a QR code can be a badge: the others are not taken, and no address in a code is ever opened.

const BADGE_LINK = /^https?:\/\/[^\s#]+\/v#[0-9]+$/;
const HISTORY_LINK = /^https?:\/\/[^\s#]+\/h#\S+$/;
const SHARE_LINK = /^https?:\/\/[^\s#]+\/s\/[^\s#]+#\S+$/;
const COMPACT_JWS = /^ey[\w-]+\.[\w-]+\.[\w-]+$/;

/** Tell whether a text is a badge link, a link to a history or a share, a signed text or a JSON object. */
export function canBeBadge(text: string): boolean {
  const trimmed = text.trim();
  if ([BADGE_LINK, HISTORY_LINK, SHARE_LINK, COMPACT_JWS].some((kind) => kind.test(trimmed))) return true;
  return isObject(trimmed);
}

function isObject(text: string): boolean {
  if (!text.startsWith("{")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
