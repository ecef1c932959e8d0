// Reads files of the device and recognises them by their bytes.
import { words } from "./words.js";

const UNREAD = 60000; // ms after which a file that the device does not give back counts as unreadable
const ENDS = 256 * 1024; // bytes at the beginning and at the end that tell a file from others
const WHOLE = 64 * 1024 * 1024; // bytes: up to here the browser can take the digest of a whole file in its memory

/** Not worth another try; the message is a sentence for the reader. */
export class Refused extends Error {}

export async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

function hex(digest) {
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function base64(data) {
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}

// The bytes of a file, or of a part of it. The device may have moved or deleted it since it was chosen, or may never
// fetch it from a cloud drive.
export async function read(part) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(reject, UNREAD); });
  try {
    const data = await Promise.race([part.arrayBuffer(), late]);
    if (data.byteLength !== part.size) throw new Error("the file is shorter than it was");
    return data;
  } catch {
    throw new Refused(words.unreadable);
  } finally {
    clearTimeout(timer);
  }
}

/** Recognises a file on any device by its size, beginning and end. "" where the browser takes no digests. */
export async function fingerprint(file) {
  if (!crypto.subtle) return "";
  return hex(await sha256(await read(new Blob([String(file.size), file.slice(0, ENDS), file.slice(-ENDS)]))));
}

/** The SHA-256 of the whole file in hex digits; "" for a file that is too large for that. */
export async function digest(file) {
  return crypto.subtle && file.size <= WHOLE ? hex(await sha256(await read(file))) : "";
}
