/**
 * Changes the provider of a model: list pages are asked for as soon as anybody looks for an object, and for every job that tells
 * no progress. By its own counting the provider takes them for many at once, and a model's stack has few resources.
 */
/** What stands in the built provider, and what is put in its place. */
const CHANGES = [
  ["waiting > 0 && waiting + toCome > left", "waiting > 0"],
  ["const mayBeAlone = this.asked.length === 0", "const mayBeAlone = false"],
  ["if (taken.length < ENOUGH_KNOWN) return void 0;", "if (taken.length === 0) return 250;"],
  ["if (mean < 1e3) return void 0;", ""],
  ["> calls * (mean / every) ? every", "> 0 ? every"],
];

/** @param {string} text of the built provider @returns it, changed */
module.exports = (text) =>
  CHANGES.reduce((changed, [from = "", to = ""]) => {
    if (!changed.includes(from)) throw new Error(`eagerPages.cjs looks in vain for: ${from}`);
    return changed.replace(from, to);
  }, text);
