/**
 * Bundles what the engine's provider process loads into one file, `dist/runtime.js`, over what the compiler has put there.
 * It is on the way of every command: one file is read faster than 250, and of zod only what is used comes along.
 *
 * What stays outside: the packages that are loaded late or not at all, and Pulumi's SDK, of which the process has one.
 */
import { readFileSync } from "node:fs";
import { defineConfig } from "rolldown";

const { dependencies, peerDependencies } = JSON.parse(
  readFileSync(new URL("package.json", import.meta.url), "utf8"),
);
/** Small, without native code, and needed at every start. */
const BUNDLED = ["zod"];
const outside = [...Object.keys(dependencies), ...Object.keys(peerDependencies)].filter(
  (name) => !BUNDLED.includes(name),
);

export default defineConfig({
  input: "src/runtime.ts",
  platform: "node",
  logLevel: "warn",
  external: outside.map((name) => new RegExp(`^${name}(/|$)`)),
  output: {
    file: "dist/runtime.js",
    format: "cjs",
    sourcemap: true,
    sourcemapExcludeSources: true,
    codeSplitting: false,
  },
});
