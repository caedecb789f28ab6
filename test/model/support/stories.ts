/** What stories about stacks are told with: a source and an integration as programs mostly have them, rounds and lives in which nothing happens. */
import type { FaultRule } from "genesyscloud-sandbox";
import { expect } from "vitest";
import { Life } from "../life.js";
import { CALM, type Round, type Schedule } from "../schedule.js";
import { Stacks } from "../stacks.js";
import type { IntegrationSpec } from "../subjects/integration.js";
import type { SourceSpec } from "../subjects/source.js";
import type { Lane } from "./lane.js";

export const SPEC: SourceSpec = {
  key: "auto",
  topic: 0,
  targets: [0],
  filters: 0,
  status: undefined,
  description: undefined,
  onConflict: undefined,
  webhook: undefined,
  impatient: false,
};

export const INTEGRATION_SPEC: IntegrationSpec = {
  key: "auto",
  place: 0,
  topics: [0],
  isNamed: false,
  notes: undefined,
  enabled: undefined,
  onConflict: undefined,
  webhook: undefined,
  impatient: false,
};

/** A resource that is an integration. */
export const AN_INTEGRATION = 3;

export const round = (operation: Round["operation"], more: Partial<Round> = {}): Round => ({
  edits: [],
  byHand: [],
  stateEdits: [],
  second: false,
  operation,
  pick: 0,
  another: false,
  elsewhere: false,
  trouble: CALM,
  ...more,
});

export const life = (rounds: Round[], more: Partial<Schedule> = {}): Schedule => ({
  variants: {},
  jobMs: 300,
  stateMs: 300,
  allowed: undefined,
  inSecond: [],
  rounds,
  ...more,
});

/** An organisation and a project folder in which nothing is. */
export async function emptyLife(
  lane: Lane,
  { variants = {}, inSecond = [] }: Partial<Pick<Schedule, "variants" | "inSecond">> = {},
): Promise<Life> {
  await lane.organisation.reset();
  await lane.organisation.variants(variants);
  await lane.project.clean();
  return new Life(lane, undefined, new Stacks(inSecond));
}

/** A stack that has made one integration. */
export async function integrationMade(
  lane: Lane,
  spec: IntegrationSpec = INTEGRATION_SPEC,
  variants: Schedule["variants"] = {},
): Promise<Life> {
  const made = await emptyLife(lane, { variants });
  made.edit(AN_INTEGRATION, spec);
  expect(await made.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  return made;
}

/** Answers such a request in the organisation's place, whenever it is sent. */
export const alien = (method: string, path: string, body: object): FaultRule => ({
  match: { method, path },
  times: "always",
  action: { kind: "answer", status: 200, body },
});

/** An operation in which these requests go wrong. */
export const amid = (...faults: FaultRule[]) => ({ trouble: { ...CALM, faults } });
