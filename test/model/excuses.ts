/** When an operation of the model may fail: every other failure is a mistake of the provider's. */
import type { FaultRule } from "genesyscloud-sandbox";
import { jobIdIn, type Knowledge, knownIds, objectIdIn, READING } from "./knowledge.js";
import { explicitKey, isAutomatic, resourceCalled, resourceOf, specOf } from "./program.js";
import type { Round, Trouble } from "./schedule.js";
import type { Stack } from "./stacks.js";
import { type Spec, subjectOf } from "./subjects/index.js";
import type { StoredObject } from "./subjects/subject.js";
import type { Run, StepTaken } from "./support/command.js";
import { MAX_RETRIES } from "./support/lane.js";
import { isPending, resourceOfJob, type StoredJob, type Truth } from "./support/organisation.js";

type Hit = FaultRule & { hits: number };

/** Reasons, known beforehand, why an operation may fail without anything going wrong. */
export function excusesOfTheWorld(
  operation: Round["operation"],
  knowledge: Knowledge,
  stack: Stack,
  truth: Truth,
): string[] {
  const { stacks, stale } = knowledge;
  const { jobs } = truth;
  const beside = knownIds(stacks.stateBeside(stack), truth);
  const excuses: string[] = [];
  const others = [...stale].filter(
    ([id, how]) => (how === "changed" || how === "removed") && !beside.has(id),
  );
  // What somebody has removed is as good as destroyed.
  if (others.length > 0 && !READING.includes(operation) && operation !== "destroy")
    excuses.push("objects were changed by hand");
  const isAmiss = (status?: string) => status !== "completed" && status !== "active";
  for (const resource of stack.engine.state) {
    const jobId = jobIdIn(resource);
    const job = jobs.find(({ job_id }) => job_id === jobId);
    if (jobId !== undefined && resource.outputs.__unfinished !== undefined && isAmiss(job?.status))
      excuses.push(`job ${jobId} is ${job?.status}`);
  }
  for (const [id, code] of truth.unsettled) if (!knowledge.foreign.has(id)) excuses.push(`${id} is ${code}`);
  for (const [resource, spec] of knowledge.programOf(stack))
    excuses.push(...excusesOfResource(resource, spec, knowledge, truth));
  return excuses;
}

/** Reasons why a resource of the program may not come about. */
function excusesOfResource(resource: number, spec: Spec, knowledge: Knowledge, truth: Truth): string[] {
  const { stacks } = knowledge;
  const { objects, jobs } = truth;
  const excuses: string[] = [];
  // Of this resource, whatever its name: an earlier run may have begun it, without the state knowing.
  const isOpen = (job: StoredJob) => isPending(job) || job.status === "paused";
  const job = jobs.find((each) => resourceOfJob(each) === resource && isOpen(each));
  if (job !== undefined) excuses.push(`${job.name} is reserved by a job (${job.status})`);
  const isElsewhere = (object: StoredObject) =>
    isAutomatic(object) &&
    resourceCalled(object) === resource &&
    stacks.state.some((each) => resourceOf(each.urn) !== resource && objectIdIn(each) === object.id);
  if (objects.some(isElsewhere)) excuses.push(`what was made for r${resource} was imported as another`);
  const wasLetGo = (object: StoredObject) =>
    knowledge.letGo.has(object.id) && isAutomatic(object) && resourceCalled(object) === resource;
  if (objects.some(wasLetGo)) excuses.push(`what was made for r${resource} was taken out of the state`);
  const key = explicitKey(resource, spec.key);
  const mine = stacks.find(resource);
  const myId = mine && objectIdIn(mine);
  const holder = objects.find((object) => object.key === key && object.id !== myId);
  if (holder !== undefined && !canTake(holder, resource, spec, knowledge, truth))
    excuses.push(`${key} is the ${subjectOf(resource).keyField} of ${holder.id}`);
  return excuses;
}

/** Whether a create of this resource takes the object that has its key. */
function canTake(holder: StoredObject, resource: number, spec: Spec, knowledge: Knowledge, truth: Truth) {
  const { stacks, strays, unprovable, madeElsewhere } = knowledge;
  const mine = stacks.find(resource);
  // Of a resource that was imported as another object meanwhile nobody looks for what an earlier run had made.
  const isImported = mine !== undefined && madeElsewhere.has(objectIdIn(mine) ?? "");
  if (strays.has(holder.id) && !unprovable.has(holder.id) && !isImported) return true;
  return (
    spec.onConflict === "adopt" &&
    mine === undefined &&
    !knownIds(stacks.state, truth).has(holder.id) &&
    holder.fixed === subjectOf(resource).fixed(spec)
  );
}

/** Reasons in what an operation met why it may have failed. */
export function excusesOfTheRun(
  run: Run,
  met: { knowledge: Knowledge; trouble: Trouble; faults: readonly Hit[] },
): string[] {
  const { knowledge, trouble, faults } = met;
  const errors = run.steps.map(({ error = "" }) => error);
  const isInterrupted = [...knowledge.stale.values()].includes("interrupted");
  // One that is revoked between its login and the first answer to it never was good, and passes for wrong credentials.
  const isRevoked = trouble.meanwhile?.act.by === "revoke";
  return [
    ...excusesOfFaults(
      faults,
      [...knowledge.program.values()].some(({ impatient }) => impatient),
    ),
    ...(isInterrupted && errors.some((error) => /outside of Pulumi/.test(error))
      ? ["an interrupted step passes for a change by hand until a refresh"]
      : []),
    ...(isRevoked && errors.some((error) => /answered 401/.test(error)) ? ["a new token was revoked"] : []),
    ...(errors.some((error) => /no read had shown that before/.test(error))
      ? ["what is to be adopted was shown late: the next run adopts it"]
      : []),
    ...(run.steps.some((step) => isImpatience(step, knowledge, faults))
      ? ["an impatient create gave up"]
      : []),
  ];
}

const PASSING = [429, 502, 503, 504];

/** Whether the provider promises to outlive such a fault, as long as it does not recur more often than it retries. */
function isPassing({ match, action }: FaultRule): boolean {
  const isPost = match?.method === "POST" && match.path !== "/oauth/token";
  const isJob = match?.path === "/jobs/";
  const isLogin = match?.path === "/oauth/token";
  const ofServer = (status: number) =>
    PASSING.includes(status) || ((isPost || isJob || isLogin) && status >= 500);
  switch (action.kind) {
    case "delay":
    case "resetBefore":
    case "resetAfter":
    case "hang":
      return true;
    case "answer":
    case "answerAfter":
      return ofServer(action.status);
    case "html":
    case "empty":
      // A garbled success is as good as lost: only a POST is then looked for.
      return action.status >= 300 ? ofServer(action.status) : isPost;
    case "malformed":
    case "huge":
      return isPost;
  }
}

/**
 * Why an operation that met these faults may fail; nothing where it must not.
 *
 * @param impatient whether a create gives up before a request's time-out
 */
function excusesOfFaults(rules: readonly Hit[], impatient: boolean): string[] {
  const struck = rules.filter(({ hits }) => hits > 0);
  const hits = struck.reduce((sum, each) => sum + each.hits, 0);
  const hanging = struck
    .filter(({ action }) => action.kind === "hang")
    .reduce((sum, each) => sum + each.hits, 0);
  return [
    ...struck.filter((each) => !isPassing(each)).map((each) => `met ${JSON.stringify(each.action)}`),
    // The second time it may be the refusal that is garbled: then nobody can tell that the name is taken.
    ...struck
      .filter(({ action, hits }) => action.kind === "malformed" && hits > 1)
      .map(({ hits }) => `${hits} answers were garbled`),
    ...(hits > MAX_RETRIES ? [`met ${hits} faults`] : []),
    // Each takes a request's whole time-out of 30 seconds; a look-up has 60.
    ...(hanging > (impatient ? 0 : 1) ? [`${hanging} requests hung`] : []),
  ];
}

/**
 * A create that gives up early may not have the time to repeat what was spoilt, nor to wait for reads that lag or for
 * a job that holds its name.
 */
function isImpatience({ urn, error = "" }: StepTaken, { program }: Knowledge, faults: readonly Hit[]) {
  const late =
    /took too long|was not over after|had to be over|but cannot be read|no (source|integration) of the|still be in the making|still there after|ACTIVE in time|abled in time/.test(
      error,
    );
  const isSpoilt = faults.some(({ hits }) => hits > 0);
  return error !== "" && (specOf(program, urn)?.impatient ?? false) && (late || isSpoilt);
}
