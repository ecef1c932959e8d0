// Buttons that write the day of a call into its text field. A time of day that is there already stays.
const field = document.getElementById("id_when");
const days = document.getElementById("days").content.firstElementChild;
const TIME = /(?:凌晨|清早|早上|上午|中午|下午|傍晚|晚上|夜里|半夜)?\s*\d{1,2}\s*(?:[:：点點时時]|[ap]m\b).*$/i;

days.addEventListener("click", ({ target }) => {
  if (target === days) return;
  const [time] = field.value.match(TIME) || [""];
  field.value = [target.textContent, time.trim()].filter(Boolean).join(" ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
field.after(days);
