// The ways in which people give something to a page: choosing, dropping and pasting files, and typing.

import { at } from "../page";

type TakeFiles = (files: readonly File[]) => Promise<void>;

/** Take files that are chosen (`#file`), dropped anywhere, or pasted while `open()`; the drop box shows that it would. */
export function listenForFiles(takeFiles: TakeFiles, open: () => boolean): void {
  const input = at<HTMLInputElement>("file");
  input.addEventListener("change", () => takeChosen(input, takeFiles));
  // Chosen while this script was still on its way.
  takeChosen(input, takeFiles);
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || !open()) return;
    event.preventDefault();
    void takeFiles(files);
  });
  listenForDrops(takeFiles);
}

function takeChosen(input: HTMLInputElement, takeFiles: TakeFiles): void {
  const chosen = [...(input.files ?? [])];
  if (chosen.length === 0) return;
  void takeFiles(chosen).finally(() => {
    // So that the same file can be chosen again.
    input.value = "";
  });
}

function listenForDrops(takeFiles: TakeFiles): void {
  const mark = (event: DragEvent): void => {
    event.preventDefault();
    at("drop").classList.toggle("over", event.type === "dragover");
  };
  // On the whole page: a file that misses the box must not make the browser leave for it.
  document.addEventListener("dragover", mark);
  document.addEventListener("dragleave", mark);
  document.addEventListener("drop", (event) => {
    mark(event);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) void takeFiles(files);
  });
}

/** Take what is typed or pasted into `#text` when its form is sent. */
export function listenForWords(takeWords: (words: string) => Promise<void>): void {
  at("paste").addEventListener("submit", (event) => {
    event.preventDefault();
    void takeWords(at<HTMLTextAreaElement>("text").value);
  });
}

/** On paper nothing is folded away. */
export function unfoldForPrinting(where: HTMLElement): void {
  const folded = (): NodeListOf<HTMLDetailsElement> => where.querySelectorAll("details");
  window.addEventListener("beforeprint", () => {
    for (const one of folded()) {
      one.dataset["opened"] = String(one.open);
      one.open = true;
    }
  });
  window.addEventListener("afterprint", () => {
    for (const one of folded()) one.open = one.dataset["opened"] === "true";
  });
}
