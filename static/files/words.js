// The sentences of the page, and numbers in them as its language writes them.
const KIB = 1024;
const language = document.documentElement.lang;

export const words = document.getElementById("upload-row").dataset;

/** A number with its unit, such as “5 minutes”. */
export function unit(number, name, digits = 0) {
  return new Intl.NumberFormat(language, {
    style: "unit", unit: name, unitDisplay: "long", maximumFractionDigits: digits,
  }).format(number);
}

/** A size in units of 1024, as the server writes it (`complaints/reference/sizes.py`). */
export function bytes(count) {
  const sizes = [[KIB ** 3, "GB"], [KIB ** 2, "MB"], [KIB, "kB"]];
  const [size, name] = sizes.find(([least]) => count >= least) || sizes[2];
  const number = Math.max(1, count / size);
  const digits = name !== "kB" && number < 10 ? 1 : 0;
  const shown = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${shown.format(number)}\u00a0${name}`;
}

export function duration(seconds) {
  if (seconds < 60) return unit(Math.max(1, Math.ceil(seconds / 5) * 5), "second");
  return seconds < 5400 ? unit(Math.ceil(seconds / 60), "minute") : unit(Math.ceil(seconds / 3600), "hour");
}

/** The sentence with the values in its {places}. */
export function say(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
