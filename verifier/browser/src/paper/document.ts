// What every paper of ours is: an A4 document with a title and a language, and perhaps a file inside.

import { AFRelationship, PDFDocument } from "@cantoo/pdf-lib";
import type { Language } from "../verify/report";

export const POINTS_PER_MILLIMETRE = 72 / 25.4;
/** Width and height of A4, in points. */
export const A4: [number, number] = [595.28, 841.89];

/** A file inside a document. */
export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly description: string;
}

/** Return an empty document. Nothing in it says who made it or when: only what is drawn. */
export async function newDocument(title: string, language: Language): Promise<PDFDocument> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(title, { showInWindowTitleBar: true });
  document.setLanguage(language);
  document.setCreator("Akashi");
  document.setProducer("Akashi");
  return document;
}

/** Put a file into a document. */
export async function attach(
  document: PDFDocument,
  { name, mediaType, bytes, description }: Attachment,
): Promise<void> {
  await document.attach(bytes, name, { mimeType: mediaType, description, afRelationship: AFRelationship.Data });
}

/** Return the bytes of a document, readable for the plainest of PDF readers. */
export async function bytesOf(document: PDFDocument): Promise<Uint8Array> {
  return document.save({ useObjectStreams: false, addDefaultPage: false });
}

/** Return a badge as a file for a document: JSON or a compact JWS. */
export function badgeFile(text: string, description: string): Attachment {
  const json = text.trimStart().startsWith("{");
  return {
    name: json ? "badge.json" : "badge.jwt",
    mediaType: json ? "application/vc+ld+json" : "application/vc+jwt",
    bytes: new TextEncoder().encode(text),
    description,
  };
}
