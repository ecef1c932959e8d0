// The names that files of a bundle may have, and those of files that the reader's own programs put beside them.
const SAFE = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
// What macOS, Windows, Office and the commands of earlier VERIFY.txt leave behind. No name that a reader would open as a
// document or start as a program.
const STRANGE = new RegExp(
  "^(?:__MACOSX/(?:.*/)?\\._[^/]*|ROOTS/[^/]*\\.(?:pem|cer|crt|der|vkey)|work/[a-z-]+(?:\\.(?:raw|der|txt|sig))?|" +
    "(?:key|checkpoint)\\.(?:raw|der|txt|sig)|ledger\\.vkey|" +
    "(?:.*/)?(?:\\.DS_Store|\\._[^/]*|Thumbs\\.db|desktop\\.ini|~\\$[^/]*))$",
  "i",
);
const COPIED = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][^/]*$/; // "E-001 - Copy.png", in any language
const HARMLESS = /^[^\\:*?"<>|\x00-\x1f]{1,200}$/; // a name without letters that a name cannot have

export function isPlain(name) {
  return SAFE.test(name) && name.length <= 200;
}

/** Whether the name is of a file that a program of the reader put there. No bundle has such a file. */
export function isStrange(name) {
  const plain = HARMLESS.test(name) && !name.split("/").some((part) => ["", ".", ".."].includes(part));
  return plain && STRANGE.test(name);
}

/** Whether the name could be of a copy that a file manager made, which has the bytes of another file. */
export function mayBeCopy(name) {
  return HARMLESS.test(name) && COPIED.test(name);
}

/** The name without the ZIP's top folder. */
export function inside(path) {
  return path.includes("/") ? path.slice(path.indexOf("/") + 1) : "";
}
