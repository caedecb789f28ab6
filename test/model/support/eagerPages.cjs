/**
 * Preloaded into a provider's process: list pages are asked for as soon as anybody looks for an object, and for every job that tells
 * no progress. By its own counting the provider takes them for many at once, and a model's stack has few resources.
 */
const Module = require("node:module");
const { sep } = require("node:path");

/** What stands in the built provider, and what is put in its place. */
const CHANGES = [
  ["waiting > 0 && waiting + toCome > left", "waiting > 0"],
  ["const mayBeAlone = this.asked.length === 0", "const mayBeAlone = false"],
  ["if (taken.length < ENOUGH_KNOWN) return void 0;", "if (taken.length === 0) return 250;"],
  ["if (mean < 1e3) return void 0;", ""],
  ["> calls * (mean / every) ? every", "> 0 ? every"],
];

/** @type {any} */
const prototype = Module.prototype;
const compile = prototype._compile;

/** @param {string} text @param {string} filename @param {...unknown} rest */
prototype._compile = function (text, filename, ...rest) {
  let changed = text;
  if (filename.endsWith(`${sep}dist${sep}runtime.js`))
    for (const [from = "", to = ""] of CHANGES) {
      if (!changed.includes(from)) throw new Error(`eagerPages.cjs looks in vain for: ${from}`);
      changed = changed.replace(from, to);
    }
  return compile.call(this, changed, filename, ...rest);
};
