// xsd:dateTimeStamp, a moment with its zone: the counterpart of keys/date_time_stamp.py.

// The longest that the grammar allows.
const MAX_LENGTH = 35;
const GRAMMAR =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,9}))?(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)$/;
const FIRST_SECOND = -62_135_596_800; // of the year 1
const LAST_SECOND = 253_402_300_799; // of the year 9999

/**
 * Return the moment in milliseconds since 1970, to the microsecond and so with a fraction; compare it with `Date.now()`.
 *
 * @throws RangeError for another form than xsd:dateTimeStamp with a year of four digits, no day of the calendar, or a
 *   moment before the year 1 or after 9999.
 *
 * Source: XML Schema 1.1 part 2 section 3.4.28 (#dateTimeStamp), RFC 3339.
 */
export function parse(text: string): number {
  const { second, microsecond } = read(text);
  const exact = second * 1000 + microsecond / 1000;
  // Far from now a number of milliseconds has no room for microseconds: the last of them must not be the next second.
  return exact < (second + 1) * 1000 ? exact : second * 1000 + 999;
}

/**
 * Return the moment as a NumericDate (RFC 7519 section 2) in whole seconds, the fraction cut off.
 *
 * @throws RangeError as `parse`.
 */
export function numericDate(text: string): number {
  const { second, microsecond } = read(text);
  return Math.trunc(second + microsecond / 1_000_000);
}

/** Return a moment, in milliseconds since 1970, in UTC and whole seconds. */
export function stamp(milliseconds: number): string {
  return `${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

function read(text: string): { second: number; microsecond: number } {
  const match = text.length <= MAX_LENGTH ? GRAMMAR.exec(text) : null;
  if (!match) throw new RangeError("not an xsd:dateTimeStamp");
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, ...number[]];
  const local = new Date(0);
  // Not Date.UTC: that one takes the year 50 for 1950.
  local.setUTCFullYear(year, (month ?? 0) - 1, day);
  local.setUTCHours(hour ?? 0, minute, second);
  if (year < 1 || !local.toISOString().startsWith(text.slice(0, 10))) throw new RangeError("no day of the calendar");
  const moment = local.getTime() / 1000 - offset(match[8] ?? "Z");
  if (moment < FIRST_SECOND || moment > LAST_SECOND) throw new RangeError("a moment before the year 1 or after 9999");
  return { second: moment, microsecond: Number((match[7] ?? "").padEnd(6, "0").slice(0, 6)) };
}

function offset(zone: string): number {
  if (zone === "Z") return 0;
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4, 6)) * 60;
  return zone.startsWith("-") ? -seconds : seconds;
}
