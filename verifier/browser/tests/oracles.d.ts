// What the tests use of other implementations, which come without types.

declare module "rdf-canonize" {
  export const NQuads: { parse(text: string): unknown[] };
  export function canonize(text: string, options: Record<string, unknown>): Promise<string>;
}

declare module "jsonld" {
  const jsonld: { canonize(document: unknown, options: Record<string, unknown>): Promise<string> };
  export default jsonld;
}
