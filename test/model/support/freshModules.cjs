/**
 * Preloaded into a provider's process: on the message "fresh" the provider's own modules are forgotten, so that
 * the next call finds a provider that was just loaded and configured, as in a process that was just started.
 * The engine starts a process for every command, which takes half a second; this takes a few milliseconds.
 * What is kept: the libraries' modules, and the dynamic server itself. The provider's text is compiled once: it runs anew
 * every time.
 */
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { Script, constants } = require("node:vm");

const { createRequire } = Module;

const server = createRequire(/** @type {string} */ (process.argv[1]));
const fromProject = createRequire(`${process.cwd()}/`);
const provider = `${dirname(fromProject.resolve("pulumi-genesyscloud-eventbridge/package.json"))}/dist/`;
const load = server("require-from-string");
const loader = /** @type {NodeJS.Module} */ (require.cache[server.resolve("require-from-string")]);

let generation = 0;

/** `MODEL_PAGES=off`: pages are asked for where the provider finds them worth it, as in a real run. */
const changed =
  process.env.MODEL_PAGES === "off" ? (/** @type {string} */ text) => text : require("./eagerPages.cjs");
const entry = join(provider, "runtime.js");
/** @type {import("node:vm").Script | undefined} */
let script;

/** @type {any} */
const prototype = Module.prototype;
const compile = prototype._compile;
/** @param {string} text @param {string} filename @param {...unknown} rest */
prototype._compile = function (text, filename, ...rest) {
  if (filename !== entry) return compile.call(this, text, filename, ...rest);
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  script ??= new Script(Module.wrap(changed(text)), { filename, importModuleDynamically });
  const given = [this.exports, createRequire(filename), this, filename, dirname(filename)];
  script.runInThisContext().apply(this.exports, given);
};

function forget() {
  for (const path of Object.keys(require.cache)) if (path.startsWith(provider)) delete require.cache[path];
  generation += 1;
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal);
}

process.on("message", (message) => {
  if (message !== "fresh") return;
  forget();
  process.send?.("fresh");
});

// Loading the libraries takes as long as half a minute of a fast clock: not at the expense of the first request.
fromProject("pulumi-genesyscloud-eventbridge/runtime");
createRequire(provider)("purecloud-platform-client-v2");
forget();

// The server keeps a provider for good: what it keeps must look for the present one at every call.
loader.exports = (/** @type {string} */ stub) => ({
  handler: () => {
    /** @type {any} */
    let config;
    /** @type {any} */
    let loaded;
    let loadedAt = -1;
    const present = () => {
      if (loadedAt !== generation) {
        loaded = load(stub).handler();
        loadedAt = generation;
        loaded.configure(config);
      }
      return loaded;
    };
    /** @param {string} method */
    const forward = (method) => [method, (/** @type {any[]} */ ...args) => present()[method](...args)];
    return {
      ...Object.fromEntries(["check", "diff", "create", "read", "update", "delete"].map(forward)),
      configure: async (/** @type {any} */ given) => {
        config = given;
      },
    };
  },
});
