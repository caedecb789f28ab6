/** What stories about stacks are told with: a source and an integration as programs mostly have them, rounds and lives in which nothing happens. */
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
