// Notices before it is sent that a file has the same bytes as one that is here, whatever their names. Only files of
// the same size are read for that.
import { digest } from "./reading.js";
import { say, words } from "./words.js";

const seen = new Set(); // uploads that were asked about and are sent, or are about to be

async function digestOf(upload) {
  return (upload.digest ??= await digest(upload.file));
}

/** What the same file is called that has arrived or was chosen here before; "" without one. */
export async function twin(upload) {
  const earlier = [...seen].filter((each) => each !== upload && each.file.size === upload.file.size);
  seen.add(upload);
  const size = upload.file.size;
  const cards = [...document.querySelectorAll(`#kept [data-sha256][data-size="${size}"]`)];
  if (!cards.length && !earlier.length) return "";
  const own = await digestOf(upload);
  if (!own) return "";
  const card = cards.find((each) => each.dataset.sha256 === own);
  if (card) {
    const name = card.querySelector("[data-name]").textContent.trim();
    return say(words.numbered, { number: card.querySelector(".place").textContent.trim(), name });
  }
  for (const each of earlier) if ((await digestOf(each)) === own && seen.has(each)) return each.file.name;
  return "";
}

/** This upload was taken away: nothing is its twin. */
export function forget(upload) {
  seen.delete(upload);
}
