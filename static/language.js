// The button of the other language sends along what was typed in the forms of the page, so that the server can show it
// again. Without this script, pages with one form do the same by their own buttons.
const TYPED = ["text", "email", "search", "url", "tel", "number", "date", "textarea"];

function isTyped(field) {
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return TYPED.includes(field.type) && field.value.trim() !== "";
}

function fieldsOf(form) {
  return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}

const switched = document.querySelector("form[data-language]");
switched?.addEventListener("submit", (event) => {
  const forms = [...document.forms].filter((form) => form !== switched && form.getAttribute("method") === "post");
  const typed = forms.filter((form) => [...form.elements].some(isTyped)).map((form) => {
    const { pathname } = new URL(form.getAttribute("action") ?? "", location.href);
    return [pathname, fieldsOf(form).toString()];
  });
  if (!typed.length || switched.elements.typed_words) return; // a page that gives words back sends those
  switched.action = location.pathname + location.search;
  event.submitter.name = "in_language";
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "typed" });
  field.value = JSON.stringify(typed);
  switched.append(field);
});
