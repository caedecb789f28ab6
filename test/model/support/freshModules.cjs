/**
 * Preloaded into a provider's process: on the message "fresh" the provider's own modules are forgotten, so that
 * the next call finds a provider that was just loaded and configured, as in a process that was just started.
 * The engine starts a process for every command, which takes half a second; this takes a few milliseconds.
 * What is kept: the libraries' modules, and the dynamic server itself. The provider's text is compiled once: it runs anew
 * every time.
 */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname } = require("node:path");
const { Script, constants } = require("node:vm");

const { createRequire } = Module;

const server = createRequire(/** @type {string} */ (process.argv[1]));
const fromProject = createRequire(`${process.cwd()}/`);
const provider = `${dirname(fromProject.resolve("pulumi-genesyscloud-eventbridge/package.json"))}/dist/`;
const load = server("require-from-string");
const loader = /** @type {NodeJS.Module} */ (require.cache[server.resolve("require-from-string")]);

/** `MODEL_PAGES=off`: pages are asked for where the provider finds them worth it, as in a real run. */
const changed =
  process.env.MODEL_PAGES === "off" ? (/** @type {string} */ text) => text : require("./eagerPages.cjs");
const entry = `${provider}runtime.js`;
const compiled = new Script(Module.wrap(changed(readFileSync(entry, "utf8"))), {
  filename: entry,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});

/** @type {any} */
const loaders = /** @type {any} */ (Module)._extensions;
const loadFile = loaders[".js"];
loaders[".js"] = (/** @type {NodeJS.Module} */ module, /** @type {string} */ filename) => {
  if (filename !== entry) return loadFile(module, filename);
  const { exports } = module;
  compiled.runInThisContext().call(exports, exports, createRequire(entry), module, entry, provider);
};

let generation = 0;

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
