// The order of the files: by the buttons of a card, without leaving the page.
import { pressInPlace } from "./cards.js";

const kept = document.getElementById("kept");

function card(key) {
  return kept.querySelector(`[data-exhibit="${key}"]`);
}

pressInPlace("[data-way]", (button) => {
  const way = button.dataset.way;
  const moved = card(button.value.split(":")[0]);
  const [there, other] = ["up", "down"].map((each) => moved.querySelector(`[data-way="${each}"]`));
  const [first, second] = way === "up" ? [there, other] : [other, there];
  (first?.hidden ? second : first)?.focus();
});
