// What a page reads of files that are no text: QR codes in pictures, badges in PDFs. Each reader is loaded when its first
// file comes.

import { UnsupportedHereError } from "../errors";
import { IntakeError, type Readers } from "./intake";

/** The readers of a page. */
export const PAGE_READERS: Readers = {
  async pdfText(document) {
    const pdf = await import("../formats/pdf");
    return pdf.extract(document);
  },
  async qrTexts(picture) {
    const [{ PictureError, scanPicture }, { DecoderError }] = await Promise.all([
      import("../scan/picture"),
      import("../scan/decoder"),
    ]);
    try {
      return await scanPicture(new Blob([Uint8Array.from(picture)]));
    } catch (error) {
      if (error instanceof PictureError) throw new IntakeError(error.code);
      if (error instanceof DecoderError)
        throw new UnsupportedHereError("this browser has no decoder", { cause: error });
      throw error;
    }
  },
};
