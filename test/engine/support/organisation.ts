/** The simulated organisation of a story on the real engine, and a stack that is connected to it. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type FaultRule,
  type JobOutcome,
  type LoggedRequest,
  type SandboxOptions,
  type StateOutcome,
  startSandbox,
  type Variants,
} from "genesyscloud-sandbox";
import { inject, onTestFinished } from "vitest";
import { controlPlaneOf } from "../../support/controlPlane.js";
import { CLIENT, CONFIG } from "./project.js";
import { createStack, type Stack } from "./stack.js";

/** A source as the simulated organisation keeps it. */
export interface StoredSource {
  source_id: string;
  name: string;
  version: number;
  [field: string]: unknown;
}

type Kind = "sources" | "topics" | "targets" | "integrations";

/** A simulated organisation, seen through its control plane: what a test does behind the provider's back. */
export interface Organisation {
  url: string;
  sources(): Promise<StoredSource[]>;
  integrations(): Promise<Record<string, unknown>[]>;
  /** What it has of either kind. */
  everything(): Promise<Record<"sources" | "integrations", Record<string, unknown>[]>>;
  /** `POST /api/v2/eventbridge/sources 202`, in order; logins left out. */
  calls(): Promise<string[]>;
  /** How often somebody logged in. */
  logins(): Promise<number>;
  forgetCalls(): Promise<void>;
  variants(change: Partial<Variants>): Promise<void>;
  settings(change: object): Promise<void>;
  fault(rule: FaultRule): Promise<void>;
  clearFaults(): Promise<void>;
  nextJob(outcome: JobOutcome): Promise<void>;
  /** What the next change of an integration's state comes to. */
  nextState(outcome: StateOutcome): Promise<void>;
  /** Adds an object that Pulumi knows nothing of; what is left out gets the sandbox's defaults. */
  add(kind: Kind, object: object): Promise<StoredSource>;
  /** Changes an object as somebody in the admin console would. */
  change(kind: Kind, id: string, fields: object): Promise<void>;
  remove(kind: Kind, id: string): Promise<void>;
}

const LOGIN = "/oauth/token";

/** Starts one for the running test. Its jobs take 50 ms unless the test says otherwise. */
export async function startOrganisation(options: SandboxOptions = {}): Promise<Organisation> {
  const sandbox = await startSandbox({ control: true, jobDurationMs: 50, ...options });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  const requests = (): Promise<LoggedRequest[]> => control("GET", "requests");
  return {
    url: sandbox.url,
    sources: async () => (await control("GET", "state")).sources,
    integrations: async () => (await control("GET", "state")).integrations,
    everything: () => control("GET", "state"),
    calls: async () =>
      (await requests())
        .filter(({ path }) => path !== LOGIN)
        .map(({ method, path, status }) => `${method} ${path} ${status}`),
    logins: async () => (await requests()).filter(({ path }) => path === LOGIN).length,
    forgetCalls: () => control("DELETE", "requests"),
    variants: (change) => control("PATCH", "variants", change),
    settings: (change) => control("PATCH", "settings", change),
    fault: (rule) => control("POST", "faults", rule),
    clearFaults: () => control("DELETE", "faults"),
    nextJob: (outcome) => control("POST", "jobOutcomes", outcome),
    nextState: (outcome) => control("POST", "stateOutcomes", outcome),
    add: (kind, object) => control("POST", kind, object),
    change: (kind, id, fields) => control("PATCH", `${kind}/${encodeURIComponent(id)}`, fields),
    remove: (kind, id) => control("DELETE", `${kind}/${encodeURIComponent(id)}`),
  };
}

/** Points a stack at an organisation, as its users do: by stack configuration. */
export async function connect(stack: Stack, { url }: { url: string }): Promise<void> {
  const gateway = "genesyscloud:gateway";
  const file = join(stack.folder, CONFIG);
  const connected = inject("connected");
  // Where nothing is set yet, a line written by hand, as users may, spares a run of the CLI.
  if (connected.includes(await readFile(file, "utf8")))
    await writeFile(file, connected.replace("config:", `config:\n  ${gateway}: ${url}`));
  else await stack.config({ [gateway]: url, ...CLIENT.plain }, CLIENT.secret);
}

/** A CommonJS program that makes one source and exports what a story looks at. */
export const sourceProgram = (args: object | string, options = "{}"): string => `
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");
const source = new EventBridgeSource("vip", ${typeof args === "string" ? args : JSON.stringify(args)}, ${options});
exports.id = source.id;
exports.sourceId = source.sourceId;
exports.status = source.status;
`;

/** The least that a source needs in the simulated organisation. */
export const MINIMAL = { eventTopicId: "topic-conversation-start", targets: [{ targetId: "target-crm" }] };

/** A stack that is connected to an organisation, its program making one source. */
export async function stackIn(organisation: Organisation, args: object = MINIMAL): Promise<Stack> {
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.program(sourceProgram(args));
  return stack;
}
