// The result of a check: the key of a sentence and its values. words.js puts it into a language.

export class Broken extends Error {
  /** A check failed. */
  constructor(key, values = {}) {
    super(key);
    this.says = sentence(key, values);
  }
}

export class Unread extends Error {
  /** A file could not be read, or is not what it should be. That says nothing about what is in it. */
  constructor(key, values = {}) {
    super(key);
    this.says = sentence(key, values);
  }
}

export class Stuck extends Unread {
  /** The browser does not hand over a file's bytes. */
}

export function sentence(key, values = {}) {
  return { key, values };
}

/** Throw Broken with the sentence unless the condition is true. */
export function ensure(condition, key, values) {
  if (!condition) throw new Broken(key, values);
}
