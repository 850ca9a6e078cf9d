// The button that opens the scanner, and the place where it stands while it looks; the scanner itself comes on demand.

import { at } from "../page";
import type { CameraPanelOptions } from "../scan/panel";

/** Let `#scan` open the camera's panel in `#scanner`; `onText` gets the first text that `accepts` takes. */
export function openScanner(options: Omit<CameraPanelOptions, "onClose">): void {
  const open = at<HTMLButtonElement>("scan");
  open.addEventListener("click", () => void start());

  async function start(): Promise<void> {
    open.setAttribute("aria-expanded", "true");
    const { cameraPanel } = await import("../pages/scan");
    const close = (): void => {
      panel.stop();
      at("scanner").replaceChildren();
      open.setAttribute("aria-expanded", "false");
      open.focus();
    };
    const panel = cameraPanel({
      ...options,
      onText: (text: string) => {
        close();
        options.onText(text);
      },
      onClose: close,
    });
    at("scanner").replaceChildren(panel.node);
    await panel.open();
  }
}
