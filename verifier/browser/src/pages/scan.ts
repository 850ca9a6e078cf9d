// The scanner, which a page loads when somebody wants to scan.

export { DecoderError } from "../scan/decoder.js";
export { cameraPanel, type CameraPanel, type CameraPanelOptions } from "../scan/panel.js";
export { PictureError, scanPicture } from "../scan/picture.js";
// The panel's own texts, for a page that is not built together with it.
export { loadTexts, switchInPlace } from "/static/texts.js";
