/** The simulated organisation of one lane, through its control plane. */
import {
  type FaultRule,
  type JobOutcome,
  type LoggedRequest,
  type StateOutcome,
  startSandbox,
  type Variants,
} from "genesyscloud-sandbox";
import { controlPlaneOf } from "../../support/controlPlane.js";
import { resourceCalled } from "../program.js";
import { type Spec, SUBJECTS, subjectOfObject } from "../subjects/index.js";
import type { Change, StoredObject, Subject } from "../subjects/subject.js";
import type { FastClock } from "./clock.js";

/** A job as it truly stands; only sources have any. */
export interface StoredJob {
  job_id: string;
  kind: "create" | "update" | "delete";
  status: string;
  /** The object that it makes, or is at work on. */
  objectId: string;
  name?: string;
}

export interface Truth {
  /** The objects of every kind. */
  objects: StoredObject[];
  jobs: StoredJob[];
  /** Objects that are not, by their own word, where they are to be: what they say. */
  unsettled: ReadonlyMap<string, string>;
}

export const isPending = ({ status }: Pick<StoredJob, "status">): boolean =>
  status === "queued" || status === "running";

/** The resource that a job's object is called after. */
export const resourceOfJob = ({ name = "" }: StoredJob): number => resourceCalled({ key: name, name });

export interface Organisation {
  url: string;
  truth(): Promise<Truth>;
  requests(): Promise<LoggedRequest[]>;
  forgetRequests(): Promise<void>;
  reset(): Promise<void>;
  variants(change: Partial<Variants>): Promise<void>;
  settings(change: object): Promise<void>;
  faults(rules: FaultRule[]): Promise<void>;
  hits(): Promise<(FaultRule & { hits: number })[]>;
  clearFaults(): Promise<void>;
  nextJob(outcome: JobOutcome): Promise<void>;
  /** How the next change of an integration's state ends. */
  nextState(outcome: StateOutcome): Promise<void>;
  /** Outcomes, of jobs and of changes of state, that nothing has used. */
  outcomesLeft(): Promise<number>;
  clearOutcomes(): Promise<void>;
  revokeTokens(): Promise<void>;
  add(subject: Subject<Spec>, key: string, fixed: number): Promise<StoredObject>;
  change(object: StoredObject, change: Change): Promise<void>;
  remove(object: StoredObject): Promise<void>;
  removeJob(id: string): Promise<void>;
  /** An object comes to where it is to be, whatever was in the way. */
  settle(id: string): Promise<void>;
  /** Reads show what was written last, where they lag behind by a number of reads. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

interface WireJob extends Omit<StoredJob, "objectId"> {
  source_id: string;
}

interface WireState {
  jobs: WireJob[];
  integrations: { id: string; intendedState: string; reportedState: { code: string } }[];
}

/** What an integration reports once it is there. */
const REACHED: Readonly<Partial<Record<string, string>>> = { ENABLED: "ACTIVE", DISABLED: "INACTIVE" };

const truthIn = (state: WireState & Record<string, unknown>): Truth => ({
  objects: SUBJECTS.flatMap((subject) => subject.objectsIn(state)),
  jobs: state.jobs.map(({ source_id: objectId, ...job }) => ({ ...job, objectId })),
  unsettled: new Map(
    state.integrations
      .filter(({ intendedState, reportedState }) => reportedState.code !== REACHED[intendedState])
      .map(({ id, reportedState }) => [id, reportedState.code]),
  ),
});

export async function startOrganisation(clock: FastClock, clientSecret: string): Promise<Organisation> {
  const sandbox = await startSandbox({ control: true, now: clock.now, clientSecret });
  const control = controlPlaneOf(sandbox.url);
  const pathOf = (object: StoredObject) =>
    `${subjectOfObject(object).backDoor.path}/${encodeURIComponent(object.id)}`;
  const integrations = async (): Promise<WireState["integrations"]> =>
    (await control("GET", "state")).integrations;
  return {
    url: sandbox.url,
    truth: async () => truthIn(await control("GET", "state")),
    requests: () => control("GET", "requests"),
    forgetRequests: () => control("DELETE", "requests"),
    reset: () => control("POST", "reset"),
    variants: (change) => control("PATCH", "variants", change),
    settings: (change) => control("PATCH", "settings", change),
    faults: (rules) => control("POST", "faults", rules),
    hits: () => control("GET", "faults"),
    clearFaults: () => control("DELETE", "faults"),
    nextJob: (outcome) => control("POST", "jobOutcomes", outcome),
    nextState: (outcome) => control("POST", "stateOutcomes", outcome),
    outcomesLeft: async () => {
      const [jobs, states] = await Promise.all(
        ["jobOutcomes", "stateOutcomes"].map((which) => control("GET", which)),
      );
      return jobs.length + states.length;
    },
    clearOutcomes: async () => {
      for (const which of ["jobOutcomes", "stateOutcomes"]) await control("DELETE", which);
    },
    revokeTokens: () => control("POST", "tokens/revoke"),
    add: async ({ backDoor, kind }, key, fixed) => {
      const { id, source_id } = await control("POST", backDoor.path, backDoor.added(key, fixed));
      const { objects } = truthIn(await control("GET", "state"));
      return objects.find((each) => each.kind === kind && each.id === (id ?? source_id)) as StoredObject;
    },
    change: (object, change) =>
      control("PATCH", pathOf(object), subjectOfObject(object).backDoor.changed(object, change)),
    remove: (object) => control("DELETE", pathOf(object)),
    removeJob: (id) => control("DELETE", `jobs/${encodeURIComponent(id)}`),
    settle: async (id) => {
      const intended = (await integrations()).find((each) => each.id === id)?.intendedState;
      if (intended !== undefined) await control("PATCH", `integrations/${id}`, { intendedState: intended });
    },
    catchUp: async () => {
      for (const { id } of await integrations()) await control("PATCH", `integrations/${id}`, {});
    },
    close: () => sandbox.close(),
  };
}
