// The camera's panel: says why it asks, asks, shows what the camera sees, and hands over the first text that can be a badge.

import { element } from "/static/dom.js";
import { t } from "/static/texts.js";
import { couldBeBadge } from "../check/given.js";
import {
  CameraError,
  closeCamera,
  deviceOf,
  hasLight,
  isCameraAllowed,
  listCameras,
  openCamera,
  switchLight,
  type CameraProblem,
} from "./camera.js";
import { DecoderError, loadDecoder } from "./decoder.js";
import { lookAt, nextFrame } from "./frames.js";

const PAUSE_MILLISECONDS = 100;
const PATIENCE_MILLISECONDS = 15_000;
const REFUSAL_MILLISECONDS = 4_000;

export interface CameraPanelOptions {
  /** Takes the text that was found; the camera is off by then. */
  readonly onText: (text: string) => void;
  /** Called when somebody closes the panel; the camera is off by then. */
  readonly onClose: () => void;
  /** Tells whether a text is taken, if not any that could be a badge; others are called no badge. */
  readonly accepts?: (text: string) => boolean;
}

export interface CameraPanel {
  /** What the page shows. */
  readonly node: HTMLElement;
  /** Begin when the page is in view: explain, or look at once where the reader has allowed it before. */
  readonly open: () => Promise<void>;
  /** Ask for the camera at once, as the panel's own button does. */
  readonly start: () => Promise<void>;
  /** Switch the camera off, and go back to the explanation. */
  readonly stop: () => void;
}

/** Return a panel that scans with the camera. Its texts must be loaded; it follows a switch of the language. */
export function cameraPanel(options: CameraPanelOptions): CameraPanel {
  const scanner = new Scanner(options);
  return {
    node: scanner.parts.node,
    open: () => scanner.open(),
    start: () => scanner.start(null),
    stop: () => scanner.stop(),
  };
}

class Scanner {
  readonly parts = makeParts();
  private readonly options: CameraPanelOptions;
  private readonly accepts: (text: string) => boolean;
  private stream: MediaStream | null = null;
  // Each start and stop begins a new turn; what belongs to an old one is late and does nothing.
  private turn = 0;

  constructor(options: CameraPanelOptions) {
    this.options = options;
    this.accepts = options.accepts ?? couldBeBadge;
    const { begin, camera, light, off, close, node } = this.parts;
    begin.addEventListener("click", () => void this.start(null));
    camera.addEventListener("change", () => void this.start(camera.value));
    light.addEventListener("click", () => void this.toggleLight());
    off.addEventListener("click", () => this.stop());
    close.addEventListener("click", () => this.close());
    node.addEventListener("keydown", (event: KeyboardEvent) => {
      if (event.key === "Escape") this.close();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.stream) this.fall("hidden");
    });
    window.addEventListener("pagehide", () => this.release());
  }

  /** Explain, unless that was done and answered. */
  async open(): Promise<void> {
    this.parts.title.focus();
    if (await isCameraAllowed()) await this.start(null);
  }

  /** Ask for a camera, and look until there is a badge or somebody stops it. */
  async start(deviceId: string | null): Promise<void> {
    const turn = this.release();
    // Somebody who goes from one camera to another was asked already, and stays at the choice.
    if (deviceId === null) this.show("asking");
    try {
      // Both at once: the decoder is there before people have answered.
      const [opened] = await Promise.allSettled([openCamera(deviceId), loadDecoder()]);
      if (opened.status === "rejected") throw opened.reason;
      if (turn !== this.turn) {
        closeCamera(opened.value);
        return;
      }
      this.stream = opened.value;
      if (document.hidden) {
        this.fall("hidden");
        return;
      }
      await loadDecoder();
      if (turn === this.turn) await this.run(turn, opened.value);
    } catch (error) {
      if (turn === this.turn) this.fall(problemOf(error));
    }
  }

  /** Switch the camera off, and explain again. */
  stop(): void {
    this.release();
    this.show("explaining");
    this.parts.begin.focus();
  }

  private close(): void {
    this.release();
    this.show("explaining");
    this.options.onClose();
  }

  private async run(turn: number, stream: MediaStream): Promise<void> {
    const { video } = this.parts;
    video.srcObject = stream;
    for (const track of stream.getVideoTracks()) track.addEventListener("ended", () => this.lose(turn));
    await video.play();
    this.show("looking");
    await this.showControls(stream);
    if (turn === this.turn) await this.look(turn);
  }

  private async look(turn: number): Promise<void> {
    let since = performance.now();
    let refused = false;
    for (let frame = 0; turn === this.turn; frame += 1) {
      await nextFrame(this.parts.video, frame === 0 ? 0 : PAUSE_MILLISECONDS);
      if (turn !== this.turn) return;
      const texts = await lookAt(this.parts.video, frame);
      if (turn !== this.turn || this.take(texts)) return;
      const waited = performance.now() - since;
      if (texts.length > 0) since = this.hint("no-badge");
      else if (refused && waited > REFUSAL_MILLISECONDS) since = this.hint("looking");
      else if (waited > PATIENCE_MILLISECONDS) since = this.hint("patience");
      refused = texts.length > 0 || (refused && waited <= REFUSAL_MILLISECONDS);
    }
  }

  /** Hand over the first text that can be a badge; tell whether there was one. */
  private take(texts: string[]): boolean {
    const text = texts.find(this.accepts);
    if (text === undefined) return false;
    this.release();
    this.show("explaining");
    this.options.onText(text);
    return true;
  }

  private lose(turn: number): void {
    if (turn === this.turn) this.fall("ended");
  }

  /** Stop, and say why in words. */
  private fall(problem: CameraProblem | "hidden"): void {
    this.release();
    this.show(problem === "hidden" ? "paused" : "failed");
    say(this.parts.problem, `page.scan.problem.${problem}`);
    this.parts.begin.focus();
  }

  private hint(what: "looking" | "no-badge" | "patience"): number {
    say(this.parts.hint, `page.scan.hint.${what}`);
    return performance.now();
  }

  private release(): number {
    if (this.stream) closeCamera(this.stream);
    this.stream = null;
    this.parts.video.srcObject = null;
    this.turn += 1;
    return this.turn;
  }

  private show(state: "explaining" | "asking" | "looking" | "failed" | "paused"): void {
    const { why, problem, asking, looking, begin, light, off, hint } = this.parts;
    why.hidden = state === "looking";
    problem.hidden = state !== "failed" && state !== "paused";
    problem.classList.toggle("failure", state === "failed");
    asking.hidden = state !== "asking";
    looking.hidden = state !== "looking";
    begin.hidden = state === "looking" || state === "asking";
    off.hidden = state !== "looking";
    // Which camera has one shows when it runs.
    light.hidden = true;
    say(begin, state === "failed" ? "page.scan.again" : "page.scan.begin");
    // What was pressed is hidden now, and would take the keyboard's place in the page with it.
    if (state === "asking") asking.focus();
    if (state === "looking") {
      this.hint("looking");
      if (!this.parts.looking.contains(document.activeElement)) off.focus();
    } else hint.textContent = "";
  }

  private async showControls(stream: MediaStream): Promise<void> {
    const { camera, cameraField, light } = this.parts;
    const cameras = await listCameras();
    const used = deviceOf(stream);
    camera.replaceChildren(...cameras.map((one, index) => optionOf(one, index + 1, one.deviceId === used)));
    cameraField.hidden = cameras.length < 2;
    light.hidden = !hasLight(stream);
    light.setAttribute("aria-pressed", "false");
  }

  private async toggleLight(): Promise<void> {
    const { light } = this.parts;
    const on = light.getAttribute("aria-pressed") !== "true";
    if (this.stream && (await switchLight(this.stream, on))) light.setAttribute("aria-pressed", String(on));
  }
}

function makeParts() {
  const why = element("div", {}, said("p", "page.scan.why"), note(said("p", "page.scan.private")));
  const problem = element("p", { class: "note scan-problem", role: "alert", hidden: "" });
  const asking = said("p", "page.scan.asking", { class: "strong", tabindex: "-1", hidden: "" });
  const view = makeView();
  const buttons = makeButtons();
  const { begin, light, off, close } = buttons;
  const title = said("h2", "page.scan.title", { id: "scan-title", tabindex: "-1" });
  const actions = element("div", { class: "actions" }, begin, light, off, close);
  const panel = { class: "panel scan", "aria-labelledby": "scan-title" };
  const node = element("section", panel, title, problem, why, asking, view.looking, actions);
  return { node, title, why, problem, asking, ...view, ...buttons };
}

function makeView() {
  const shown = { class: "scan-video", muted: "", playsinline: "", tabindex: "-1" };
  const video = element("video", shown) as HTMLVideoElement;
  // The attribute alone does not mute an element that a script made, and phones play only silent ones by themselves.
  video.muted = true;
  labelled(video, "page.scan.video");
  const hint = element("p", { class: "scan-hint", role: "status" });
  const camera = element("select", { id: "scan-camera" }) as HTMLSelectElement;
  const cameraField = element("p", { class: "scan-choice", hidden: "" });
  cameraField.append(said("label", "page.scan.camera", { for: "scan-camera", class: "field" }), camera);
  const frame = element("div", { class: "scan-frame", "aria-hidden": "true" });
  const looking = element(
    "div",
    { hidden: "" },
    element("div", { class: "scan-view" }, video, frame),
    hint,
    cameraField,
  );
  return { video, hint, camera, cameraField, looking };
}

function makeButtons() {
  const second = { type: "button", class: "second" };
  return {
    begin: said("button", "page.scan.begin", { type: "button" }),
    light: said("button", "page.scan.light", { ...second, "aria-pressed": "false", hidden: "" }),
    off: said("button", "page.scan.off", { ...second, hidden: "" }),
    close: said("button", "page.scan.close", second),
  };
}

function note(child: HTMLElement): HTMLElement {
  return element("div", { class: "note" }, child) as HTMLElement;
}

function optionOf(camera: MediaDeviceInfo, number: number, used: boolean): HTMLElement {
  const name = camera.label || t("page.scan.camera-number", { number: String(number) });
  return element("option", { value: camera.deviceId, selected: used ? "" : null }, name);
}

/** Return an element whose text follows the language. */
function said(tag: string, key: string, attributes: Record<string, string> = {}): HTMLElement {
  return say(element(tag, attributes), key);
}

function say(node: HTMLElement, key: string): HTMLElement {
  node.dataset.t = key;
  const text = t(key);
  // The same words again would be read out again.
  if (node.textContent !== text) node.textContent = text;
  return node;
}

function labelled(node: HTMLElement, key: string): void {
  node.dataset.tLabel = key;
  node.setAttribute("aria-label", t(key));
}

function problemOf(error: unknown): CameraProblem {
  if (error instanceof CameraError) return error.problem;
  return error instanceof DecoderError ? "decoder" : "other";
}
