// JSON values as TypeScript sees them. What the strict reader returns is made of these, every object without a prototype.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [member: string]: Json };
/** The members of a credential: read-only, because what was signed must not change. */
export type Claims = Readonly<JsonObject>;

/** Tell whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Return a member that the value itself has, if it is an object; a document may not borrow one from JavaScript. */
export function member(value: unknown, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Return the objects in a value that is one object or a list of them; whatever else stands there is left out. */
export function objects(value: unknown): JsonObject[] {
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.filter(isObject);
}
