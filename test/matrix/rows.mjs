/**
 * The matrix: where the package is said to run, a row each. The documentation's list of environments is made of these claims:
 * `test/unit/matrix.test.ts` compares them. A new environment is a line here and one there.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The release of Pulumi's SDK that the package is developed with. */
const DEVELOPED = devDependencies["@pulumi/pulumi"];
/** The oldest that the package takes as its peer. */
const OLDEST = "3.216.0";

/** What a row has where it says nothing else. */
export const USUAL = {
  /** Node's major version; `running` is the one that runs the matrix. */
  node: "running",
  /** The release of Pulumi's SDK; `newest` is npm's newest. */
  sdk: DEVELOPED,
  /** What installs the packages, and how they then lie: a name of `layouts.mjs`. */
  layout: "npm",
  /** What the program is written in: a name of `programs.mjs`. */
  form: "CommonJS JavaScript",
  /** What runs it: the CLI, or a program of the Automation API. */
  driver: "CLI",
  /** What else is special about the place: a name of `surroundings.mjs`. */
  surroundings: "none",
};

/**
 * @typedef {object} Row
 * @property {string} name unique, and what `--only` looks for
 * @property {string} claim what it holds, as the documentation says it; several rows can hold one claim
 * @property {string} [node]
 * @property {string} [sdk]
 * @property {string} [layout]
 * @property {string} [form]
 * @property {string} [typescript] the release that is installed beside ts-node; none where it is absent
 * @property {string[]} [installed] further packages that the project asks for
 * @property {string} [driver]
 * @property {string} [surroundings]
 * @property {{ step: "preview" | "doctor", says: RegExp }} [fails] the first step that fails, and the sentence it must say
 * @property {boolean} [quick] whether it is a part of `npm test`
 */

const NODES = ["20", "22", "24", "26"];
const SDKS = [OLDEST, DEVELOPED, "newest"];

/** @param {string[]} sdks */
const listed = (sdks) => {
  const last = sdks.at(-1) === "newest" ? "the newest" : sdks.at(-1);
  return `${sdks.slice(0, -1).join(", ")} and ${last}`;
};

/** The newest releases of the SDK want Node 22. */
const isAsked = (/** @type {string} */ node, /** @type {string} */ sdk) => node !== "20" || sdk !== "newest";

/** @type {Row[]} */
const RUNTIMES = NODES.flatMap((node) => {
  const sdks = SDKS.filter((sdk) => isAsked(node, sdk));
  return sdks.map((sdk) => ({
    name: `Node ${node}, SDK ${sdk}`,
    claim: `Node ${node}, with \`@pulumi/pulumi\` ${listed(sdks)}`,
    node,
    sdk,
  }));
});

const YARN = "Yarn 1, and Yarn 4 with `nodeLinker: node-modules`";
const WRAPPED =
  "a pnpm workspace, in which a shared package wraps the resources, if the package with the program depends on this one, too: otherwise the preview says so, and what to do";

/** @type {Row[]} */
const LAYOUTS = [
  { name: "pnpm, strict", claim: "pnpm, with its strict `node_modules`", layout: "pnpm" },
  {
    name: "yarn classic",
    claim: YARN,
    layout: "yarn classic",
  },
  { name: "yarn node-modules", claim: YARN, layout: "yarn" },
  {
    name: "npm workspace",
    claim: "an npm workspace, in which a shared package wraps the resources",
    layout: "npm workspace",
  },
  {
    name: "pnpm workspace, wrapped",
    claim: WRAPPED,
    layout: "pnpm workspace",
  },
  {
    name: "pnpm workspace, wrapped and not told",
    claim: WRAPPED,
    layout: "pnpm workspace, not told",
    fails: {
      step: "preview",
      says: /pulumi-genesyscloud-eventbridge is not found from .*: add it to the dependencies of the package.json there/,
    },
    quick: true,
  },
  {
    name: "Yarn PnP",
    claim: "not with Yarn's Plug'n'Play, for which Pulumi has no way: `doctor` says so, and what to set",
    layout: "Yarn PnP",
    fails: {
      step: "doctor",
      says: /FAILED +packages +Yarn's Plug'n'Play keeps them where Pulumi does not look: set nodeLinker: node-modules in \.yarnrc\.yml/,
    },
  },
];

/** @type {Row[]} */
const FORMS = [
  ...["CommonJS JavaScript", "ESM JavaScript"].map((form) => ({
    name: form,
    claim: "JavaScript, CommonJS and ESM",
    form,
  })),
  {
    name: "CommonJS TypeScript, nothing else installed",
    claim: "TypeScript, CommonJS, with nothing else installed",
    form: "CommonJS TypeScript",
  },
  ...["5.9.3", "6.0.3"].flatMap((typescript) =>
    ["CommonJS TypeScript", "ESM TypeScript"].map((form) => ({
      name: `${form} ${typescript}`,
      claim: "TypeScript 5.9 and 6, CommonJS and ESM, with ts-node",
      form,
      typescript,
    })),
  ),
  ...["CommonJS TypeScript", "ESM TypeScript"].map((form) => ({
    name: `the README's line, ${form}`,
    claim: "TypeScript, CommonJS and ESM, after the line of [Installation](#installation)",
    layout: "README",
    form,
  })),
  {
    name: "TypeScript 7",
    claim: "not with TypeScript 7, which Pulumi's SDK does not take: `doctor` says so, and what to install",
    form: "CommonJS TypeScript",
    installed: ["typescript@7", "ts-node"],
    fails: {
      step: "doctor",
      says: /FAILED +TypeScript +7\.\S+ is not >= ?3\.8\.3 < ?7: npm install --save-dev typescript@6/,
    },
  },
];

/** @type {Row[]} */
const PLACES = [
  {
    name: "Alpine, faked",
    claim: "Alpine Linux, faked: no native addon loads, and of the system's programs busybox is all there is",
    surroundings: "Alpine",
    quick: true,
  },
  {
    name: "a read-only project",
    claim: "a project's folder that cannot be written, with `genesyscloud:auditLog` elsewhere",
    surroundings: "read-only",
  },
  {
    name: "a program further down",
    claim: "a program in a folder of its own, with its packages, that `main` of `Pulumi.yaml` names",
    layout: "main",
  },
  {
    name: "an odd path",
    claim: "a path with blanks and letters outside of ASCII",
    surroundings: "odd path",
  },
  ...["inline program", "local program"].map((driver) => ({
    name: `Automation API, ${driver}`,
    claim: "inline and local programs of the Automation API",
    driver,
  })),
  {
    name: "OpenTelemetry",
    claim: "`genesyscloud:auditLog` with `otlp`, and `sandbox`, after the line that each of them asks for",
    surroundings: "on demand",
  },
];

/** @type {readonly Row[]} */
export const ROWS = [...RUNTIMES, ...LAYOUTS, ...FORMS, ...PLACES];
