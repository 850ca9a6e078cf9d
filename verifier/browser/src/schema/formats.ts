// Whether a text has a form that JSON Schemas name: those of RFC 3339 and RFC 3986 that the pinned schemas ask for.

const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const TIME =
  /^([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$/;
const DATE_LENGTH = 10;
const DAY_MINUTES = 24 * 60;
const LEAP_SECOND = "60";

const CHARACTER = "[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}";
const USER = "(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*";
const HOST = "\\[([^\\]]*)\\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*";
const AUTHORITY = `//(?:${USER}@)?(?:${HOST})(?::[0-9]*)?(?:/(?:${CHARACTER})*)*`;
const PATH = `(?!//)(?:${CHARACTER}|/)*`;
const REST = `(?:\\?(?:${CHARACTER}|[/?])*)?(?:#(?:${CHARACTER}|[/?])*)?`;
const URI = new RegExp(`^[A-Za-z][A-Za-z0-9+.-]*:(?:${AUTHORITY}|${PATH})${REST}$`);

const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const GROUPS = 8;
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4_AT_END = new RegExp(`(^|:)${OCTET}(?:\\.${OCTET}){3}$`);
const FUTURE_ADDRESS = /^[Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+$/;

/** Format → whether a text has it. */
export const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ["date", isDate],
  ["date-time", isDateTime],
  ["uri", isUri],
]);

function isDate(text: string): boolean {
  const [, year = "", month = "", day = ""] = DATE.exec(text) ?? [];
  if (year === "" || year === "0000") return false;
  const date = new Date(0);
  // Not Date.UTC: that one takes the year 50 for 1950.
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.toISOString().startsWith(text);
}

function isDateTime(text: string): boolean {
  const time = TIME.exec(text.slice(DATE_LENGTH + 1));
  if (time === null || !/[Tt]/.test(text.charAt(DATE_LENGTH)) || !isDate(text.slice(0, DATE_LENGTH))) return false;
  const [, hour, minute, second, sign = "+", zoneHour = "0", zoneMinute = "0"] = time;
  if (second !== LEAP_SECOND) return true;
  // Leap seconds end a day of UTC.
  const zone = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === "+" ? 1 : -1);
  const minutes = Number(hour) * 60 + Number(minute) - zone;
  return (minutes + DAY_MINUTES) % DAY_MINUTES === DAY_MINUTES - 1;
}

function isUri(text: string): boolean {
  const found = URI.exec(text);
  return found !== null && (found[1] === undefined || isAddress(found[1]));
}

/** Tell whether what stands in brackets is an IPv6 address, or one of a kind to come. Source: RFC 3986 §3.2.2. */
function isAddress(text: string): boolean {
  if (FUTURE_ADDRESS.test(text)) return true;
  // An IPv4 address at the end has the place of two groups.
  const halves = text.replace(IPV4_AT_END, (_, colon: string) => `${colon}0:0`).split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const isWhole = halves.length === 1 ? groups.length === GROUPS : halves.length === 2 && groups.length < GROUPS;
  return isWhole && groups.every((group) => GROUP.test(group));
}
