// Small conveniences. Every page works without them.
const exit = document.querySelector("[data-exit]");
function leave() {
  document.title = "";
  document.body.hidden = true; // at once, however slowly the other page loads
  location.replace(exit.href); // so that "back" does not return to this page
}
exit?.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
let pressed = [];
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  pressed = [...pressed, event.timeStamp].slice(-3);
  if (exit && pressed.length === 3 && pressed[2] - pressed[0] < 1500) leave();
});
addEventListener("pageshow", () => (document.body.hidden = false)); // after "back", if the browser kept the page
for (const words of document.querySelectorAll("[data-scripted]")) words.hidden = false;
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.done;
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
document.querySelector("[role=alert]")?.focus();
// Without a connection, the browser would replace the page and what was typed by its own error page.
const offline = document.querySelector("[data-offline]");
document.addEventListener("submit", (event) => {
  if (navigator.onLine || !offline) return;
  event.preventDefault();
  event.stopPropagation();
  offline.hidden = false;
  offline.focus();
}, true);
addEventListener("online", () => offline && (offline.hidden = true));
