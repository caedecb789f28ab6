/** The program of a row in each form that Pulumi runs: it makes one source, and a description is what changes. */

const ARGS = `{ eventTopicId: "topic-conversation-start", targets: [{ targetId: "target-crm" }], description }`;

/** The packages that a program can get the class from: this one, or one that wraps it. */
export const OWN = "pulumi-genesyscloud-eventbridge";
export const WRAPPED = "@shop/shared";

/**
 * @typedef {object} Form
 * @property {string} main the program's file
 * @property {object} manifest what package.json says of it
 * @property {(from: string, description: string) => string} text
 * @property {object} [tsconfig]
 */

const made = `new EventBridgeSource("made", ${ARGS})`;

/** @param {string} from @param {string} description */
const required = (from, description) => `
const { EventBridgeSource } = require("${from}");
const description = "${description}";
exports.id = ${made}.id;
`;

/** @param {string} from @param {string} description */
const imported = (from, description) => `
import { EventBridgeSource } from "${from}";
const description = "${description}";
const source = ${made};
export const id = source.id;
`;

/** @type {Readonly<Record<string, Form>>} */
export const FORMS = {
  "CommonJS JavaScript": { main: "index.js", manifest: {}, text: required },
  "ESM JavaScript": { main: "index.js", manifest: { type: "module" }, text: imported },
  "CommonJS TypeScript": { main: "index.ts", manifest: {}, text: imported },
  "ESM TypeScript": {
    main: "index.ts",
    manifest: { type: "module" },
    text: imported,
    tsconfig: {
      compilerOptions: { strict: true, module: "nodenext", moduleResolution: "nodenext", target: "es2022" },
    },
  },
};

/** The shared package of a workspace, as teams have one: defaults of their own around the class. */
export const SHARED = `
const { EventBridgeSource } = require("${OWN}");
exports.EventBridgeSource = class extends EventBridgeSource {
  constructor(name, args, options) {
    super(name, { targets: [{ targetId: "target-crm" }], ...args }, options);
  }
};
`;
