// JSON values as TypeScript sees them. What the strict reader returns is made of these, every object without a prototype.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [member: string]: Json };
/** The members of a credential: read-only, because what was signed must not change. */
export type Claims = Readonly<JsonObject>;

/** Tell whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
