// The page of the files of a draft: takes what is chosen, dropped or pasted and sends it at once. Without this script
// the form sends whole files. What belongs together is in files/.
import { askBefore } from "./leaving.js";
import { pressInPlace, watchAgain } from "./files/cards.js";
import { turns, unsent } from "./files/counting.js";
import "./files/order.js";
import { Upload } from "./files/sending.js";
import { say, words } from "./files/words.js";

const drop = document.querySelector("[data-uploads]");
const list = document.getElementById("uploads");
const kept = document.getElementById("kept");
const form = drop.closest("form");

let lastPlace = 0;
function take(files) {
  const chosen = Math.round(Number(drop.dataset.now) * 1e6 + performance.now() * 1000);
  for (const file of files) {
    lastPlace = Math.max(lastPlace + 1, chosen);
    const upload = new Upload(file, lastPlace, turns);
    turns.begin(upload);
    turns.again(upload);
  }
}

function takeFrom(input) {
  take([...input.files]);
  input.value = ""; // so that the form does not send them as well
}

for (const input of drop.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => takeFrom(input));
  input.required = false; // it is so for the style sheet alone, without this script
  if (input.files.length) takeFrom(input); // chosen before this script was loaded
}
// Files that are dropped anywhere on the page, or pasted into it.
addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  drop.classList.add("over");
});
addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
});
addEventListener("paste", (event) => {
  const files = event.clipboardData?.files || [];
  if (!files.length) return;
  event.preventDefault();
  take([...files]);
});
for (const part of document.querySelectorAll("[data-plain]")) part.hidden = true;
for (const part of document.querySelectorAll("[data-lively]")) part.hidden = false;
watchAgain();

// A file is removed, and comes back, in its place.
pressInPlace("[name=remove], [name=restore], [name=discard]", (button) => {
  const removed = kept.querySelector(`[data-exhibit="removed-${button.value}"] [name=restore]`);
  (removed || kept.querySelector(`[data-exhibit="${button.value}"] summary`) || drop.querySelector("input")).focus();
});

// What would be left behind: a file chosen here, or an unfinished one of an earlier visit where the form goes on.
askBefore(form, (button) => {
  const names = [...unsent].map((upload) => upload.file.name);
  const goesOn = button && (!button.name || (button.name === "go" && ["on", "send", "check"].includes(button.value)));
  if (goesOn) {
    const earlier = list.querySelectorAll("[data-url] .name");
    names.push(...Array.from(earlier, (name) => name.firstChild.textContent.trim()));
  }
  return names.length ? say(words.left, { names: names.join(", ") }) : "";
});
