// Reads the bytes of files. A browser sometimes never answers (Chromium now and then: the byte stream of a small file).
// So what gets no answer is asked for again, and is given up with a sentence.
import { Stuck } from "./broken.js";

export const PIECE = 1 << 20;
const PATIENCE = 10_000; // milliseconds without an answer
const TRIES = 3;
export const NONE = Symbol("no answer");
let stalled = () => {};

/** Call `tell` with a file's name each time the browser does not answer. */
export function whenStalled(tell) {
  stalled = tell;
}

/** All bytes of a blob that is small enough for the memory. */
export async function wholeOf(blob) {
  return new Uint8Array(await asked(() => blob.arrayBuffer()));
}

/** All bytes in order. A large blob is read into one buffer again and again (an eighth of the memory, and faster). */
export async function eachPiece(blob, take) {
  const reader = blob.size > PIECE ? byteReader(blob) : null; // small ones whole: see above
  const began = reader ? await streamed(reader, take) : 0;
  for (let at = began; at < blob.size; at += PIECE) take(await wholeOf(blob.slice(at, at + PIECE)));
}

/** Read a stream to its end or to where it stops answering. Returns the number of bytes. */
async function streamed(reader, take) {
  let [buffer, at] = [new ArrayBuffer(PIECE), 0];
  for (;;) {
    const answer = await within(reader.read(new Uint8Array(buffer)));
    if (answer === NONE) {
      stalled();
      reader.cancel().catch(() => {});
      return at;
    }
    if (answer.done) return at;
    take(answer.value);
    at += answer.value.length;
    buffer = answer.value.buffer;
  }
}

function byteReader(blob) {
  try {
    return blob.stream().getReader({ mode: "byob" });
  } catch {
    return null; // in Safari, streams of files are not byte streams
  }
}

/** The answer of `read`. Throws Stuck if there is none although it was called TRIES times. */
async function asked(read) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await within(read());
    if (answer !== NONE) return answer;
    stalled();
  }
  throw new Stuck("no_answer");
}

/** The promise's value, or NONE after PATIENCE. Throws Stuck if the browser cannot read the file. */
export async function within(promise) {
  let timer;
  const late = new Promise((settle) => (timer = setTimeout(() => settle(NONE), PATIENCE)));
  try {
    return await Promise.race([promise, late]);
  } catch (error) {
    throw new Stuck("no_read", { error: String(error) });
  } finally {
    clearTimeout(timer);
  }
}
