// The result of a run as elements of the page. Texts from files are always set as text, never as HTML.
import { INTERFACE, size, time } from "./interface.js";
import { oneLine, told } from "./words.js";

const MOST_ROWS = 1000;

/** An element with attributes and children. Strings become text; false and null are skipped. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== false));
  return made;
}

/** The interface's sentence in the reader's language. */
export function say(language, key, values = {}) {
  return told({ key, values }, language, INTERFACE);
}

function tag(colour, text) {
  return element("span", { class: `tag ${colour}` }, text);
}

/** The name of a check in words, for instance of "against kept.json". */
function title(language, check) {
  const [kind, ...rest] = check.name.split(" ");
  return say(language, `title_${kind}`, { name: rest.join(" ") });
}

export function checkRow(language, check) {
  const [colour, word] = check.ok ? ["green", "holds"] : check.unread ? ["quiet", "not_read"] : ["red", "breaks"];
  const mark = tag(colour, say(language, word));
  return element(
    "li",
    { "data-check": check.name, "data-ok": String(check.ok) },
    element("div", { class: "where" }, element("b", {}, title(language, check)), mark),
    element("p", {}, told(check.says, language)),
  );
}

const COLOURS = {
  ...{ verified: "green", incomplete: "teal", "self-consistent only": "amber" },
  ...{ broken: "red", unreadable: "quiet" },
};

/** Whether it lists timestamps that are not in it, which nobody should take for verified. */
function leavesStamps({ cautions }) {
  return cautions.some(({ key }) => key === "timestamps_elsewhere");
}

/** The key of the result's heading. It says so if the timestamps were not checked. */
export function heading(done) {
  const unchecked = leavesStamps(done) && ["verified", "incomplete"].includes(done.result);
  return `${done.result.split("-")[0]}${unchecked ? "_but_stamps" : ""}`;
}

export function verdict(language, done) {
  const key = done.result.split("-")[0];
  const doubts = done.doubts.map((doubt) => told(doubt, language)).join(say(language, "and"));
  const worst = done.broken ?? done.unread;
  const named = worst && { title: title(language, worst), says: told(worst.says, language) };
  const says = `${key}_says${key === "verified" && !done.isEntire ? "_less" : ""}`;
  return element(
    "div",
    { class: `verdict ${COLOURS[done.result]}` },
    element("h2", { tabindex: "-1" }, say(language, heading(done))),
    element("p", {}, say(language, says, { doubts, ...named })),
    done.vouched && !done.broken && !done.unread && element("p", {}, told(done.vouched, language)),
    ...done.cautions.map((caution) => element("p", { class: "caution" }, told(caution, language))),
  );
}

function digest(text) {
  return element("p", { class: "digest whole" }, oneLine(text));
}

export function exhibitRow(language, one, done) {
  const stamps = Array.isArray(one.timestamps) ? one.timestamps : [];
  const lines = stamps.map(({ authority, gen_time }) => {
    return say(language, leavesStamps(done) ? "stamped_left" : "stamped", { at: time(gen_time, language), authority });
  });
  const received = say(language, "received", { at: time(one.received_at, language) });
  return element(
    "li",
    {},
    element("p", { class: "name" }, element("b", {}, oneLine(one.label)), ` ${oneLine(one.name)}`),
    element("p", { class: "facts" }, `${size(one.size)} · ${received}`),
    element("p", { class: "facts" }, lines.join(" · ") || say(language, "no_stamp")),
    element("details", {}, element("summary", {}, say(language, "whole_digest")), digest(one.sha256)),
  );
}

function fileRow(language, { name, sha256, good, size: bytes }) {
  const mark = good ? null : tag("red", say(language, "altered"));
  return element("li", {}, element("p", { class: "name" }, `${name} · ${size(bytes)} `, mark), digest(sha256));
}

export function everyFile(language, files) {
  const more = files.length - MOST_ROWS;
  return element(
    "details",
    { class: "files" },
    element("summary", {}, say(language, "files", { count: files.length })),
    element("ul", { class: "exhibits" }, ...files.slice(0, MOST_ROWS).map((file) => fileRow(language, file))),
    more > 0 && element("p", {}, say(language, "more", { count: more })),
  );
}

/** Where one of the reader's own files was found. */
export function lookedRow(language, { name, sha256, found }, done) {
  const key = found ? "is_in" : done.knew ? "is_not_in" : "is_alone";
  const values = { name, found: found?.name, reference: found?.reference };
  const doubtful = found && done.checks.some((check) => !check.ok && !check.unread);
  return element(
    "li",
    { "data-found": found ? found.name : "" },
    element("p", {}, say(language, key, values)),
    doubtful && element("p", { class: "caution" }, say(language, "is_in_broken")),
    digest(sha256),
  );
}
