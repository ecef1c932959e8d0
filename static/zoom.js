// Larger and smaller pictures by buttons. Without this script, pinch and the browser's own zoom do the same.
const LARGEST = 6;
for (const region of document.querySelectorAll("[data-zoom]")) {
  let size = 1;
  for (const row of document.querySelectorAll("[data-zoom-buttons]")) {
    row.hidden = false;
    for (const button of row.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        const before = region.scrollLeft + region.clientWidth / 2;
        const next = Math.min(LARGEST, Math.max(1, size * Number(button.dataset.by)));
        region.style.setProperty("--zoom", next);
        region.scrollLeft = (before * next) / size - region.clientWidth / 2; // what was in the middle stays there
        size = next;
      });
    }
  }
}
