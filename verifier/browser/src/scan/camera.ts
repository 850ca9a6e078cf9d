// A camera as the browser gives it: asking for one, naming what goes wrong, light, frames.

export type CameraProblem = "denied" | "none" | "in-use" | "insecure" | "ended" | "decoder" | "other";

const WANTED = { width: { ideal: 1920 }, height: { ideal: 1080 } };
const PROBLEMS: Readonly<Record<string, CameraProblem>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "in-use",
  AbortError: "in-use",
};

// What cameras of phones can, and the types of the browser do not know yet.
interface CameraAbilities extends MediaTrackCapabilities {
  readonly torch?: boolean;
  readonly focusMode?: readonly string[];
}

/** No camera; `problem` says why. */
export class CameraError extends Error {
  readonly problem: CameraProblem;

  constructor(problem: CameraProblem) {
    super(problem);
    this.problem = problem;
  }
}

/**
 * Return the pictures of a camera, as sharp as it can: the one named, or the one that looks away from the reader.
 * Throws CameraError.
 */
export async function openCamera(deviceId: string | null): Promise<MediaStream> {
  // Without a secure origin browsers do not even have the property, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new CameraError("insecure");
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
  try {
    const stream = await devices.getUserMedia({ video: { ...WANTED, ...which }, audio: false });
    await keepSharp(stream);
    return stream;
  } catch (error) {
    throw new CameraError((error instanceof Error && PROBLEMS[error.name]) || "other");
  }
}

/** Tell whether the reader has allowed the camera before, so that nothing would be asked now. */
export async function isCameraAllowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "camera" as PermissionName })).state === "granted";
  } catch {
    // Not every browser tells.
    return false;
  }
}

/** Stop every track, so that the camera's own light goes out. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Return the cameras to choose from; browsers name them only after one was allowed. */
export async function listCameras(): Promise<MediaDeviceInfo[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput" && device.deviceId !== "");
}

/** Return which camera these pictures are from, or null. */
export function deviceOf(stream: MediaStream): string | null {
  return stream.getVideoTracks()[0]?.getSettings().deviceId ?? null;
}

/** Tell whether the camera has a light. */
export function hasLight(stream: MediaStream): boolean {
  return abilities(stream).torch === true;
}

/** Switch the camera's light; return whether it did. */
export async function switchLight(stream: MediaStream, on: boolean): Promise<boolean> {
  return constrain(stream, { torch: on });
}

async function keepSharp(stream: MediaStream): Promise<void> {
  if (abilities(stream).focusMode?.includes("continuous")) await constrain(stream, { focusMode: "continuous" });
}

function abilities(stream: MediaStream): CameraAbilities {
  const track = stream.getVideoTracks()[0];
  // Firefox has no such question.
  return track && "getCapabilities" in track ? track.getCapabilities() : {};
}

async function constrain(stream: MediaStream, wish: Record<string, unknown>): Promise<boolean> {
  try {
    await stream.getVideoTracks()[0]?.applyConstraints({ advanced: [wish as MediaTrackConstraintSet] });
    return true;
  } catch {
    return false;
  }
}
