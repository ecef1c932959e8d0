// What a check says: a sentence's key and the values in it, so that it can be told in any language (words.js).

export class Broken extends Error {
  /** A check that did not hold. */
  constructor(key, values = {}) {
    super(key);
    this.says = sentence(key, values);
  }
}

export function sentence(key, values = {}) {
  return { key, values };
}

/** Go on if the condition holds, else say what is broken. */
export function ensure(condition, key, values) {
  if (!condition) throw new Broken(key, values);
}
