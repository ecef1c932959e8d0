// The page on which somebody types what a recording says, for the borrower and at the desk. The element with
// data-transcript holds the player, the buttons (data-keys, each with data-do), the times (data-second) and the text
// field. Without this script the player and the text field do all that is needed.
const page = document.querySelector("[data-transcript]");
const player = page?.querySelector("audio, video");
const text = page?.querySelector("textarea");
const BACK = 3; // seconds
const KEYS = { F7: "back", F8: "play", F9: "mark" };

/** Seconds as they are written in a transcript: 0:42, 1:02:03. */
function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const end = String(rest).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${end}` : `${minutes}:${end}`;
}

function playFrom(second) {
  player.currentTime = Math.max(0, second);
  player.play().catch(() => {}); // the player itself shows why it does not play
}

const DO = {
  play: () => (player.paused ? player.play().catch(() => {}) : player.pause()),
  back: () => { player.currentTime = Math.max(0, player.currentTime - BACK); },
  // The time of the player, at the beginning of a line.
  mark: () => {
    const { selectionStart: at, selectionEnd: end, value } = text;
    const begins = !at || value[at - 1] === "\n";
    text.setRangeText(`${begins ? "" : "\n"}${clock(player.currentTime)} `, at, end, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  },
};

function begin() {
  for (const buttons of page.querySelectorAll("[data-keys]")) buttons.hidden = false;
  for (const time of page.querySelectorAll("[data-second]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link mark" });
    button.textContent = time.textContent;
    button.addEventListener("click", () => playFrom(Number(time.dataset.second)));
    time.replaceWith(button);
  }
  page.addEventListener("click", (event) => DO[event.target.closest("[data-do]")?.dataset.do]?.());
  addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229; // the keys of an input method
    const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
    if (composing || !plain || !KEYS[event.key]) return;
    event.preventDefault();
    DO[KEYS[event.key]]();
  });
}
if (player && text) begin();
