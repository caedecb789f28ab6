/** Lives a whole schedule, and after it until all is well and gone. */
import { idsIn, jobIdIn, objectIdIn } from "./knowledge.js";
import { Life } from "./life.js";
import { explicitKey, isAutomatic, resourceCalled, resourceOf } from "./program.js";
import type { Schedule } from "./schedule.js";
import { type Stack, Stacks } from "./stacks.js";
import { subjectOf } from "./subjects/index.js";
import type { StoredObject } from "./subjects/subject.js";
import type { ResourceState, Run } from "./support/command.js";
import type { Lane } from "./support/lane.js";
import type { Truth } from "./support/organisation.js";

/** How many runs of `up` a stack may need once everything is calm. */
const MOST_UPS = 6;
/** Longer than any job, or change of state, that is not stuck. */
const ALL_IS_OVER_MS = 31_000;

/**
 * Lives a schedule, from an organisation's first day to the end of the stack.
 *
 * @throws Violation where something that must be true is not.
 */
export async function runSchedule(
  lane: Lane,
  { variants, jobMs, stateMs, allowed, inSecond, rounds }: Schedule,
): Promise<void> {
  const { organisation } = lane;
  await organisation.reset();
  await lane.project.clean();
  await organisation.variants(variants);
  const rateLimit = { allowed: allowed ?? 1_000_000, windowSeconds: 5 };
  await organisation.settings({ jobDurationMs: jobMs, stateChangeMs: stateMs, rateLimit });
  const { listDelaySeconds = 0, readDelaySeconds = 0, staleStateReads = 0 } = variants;
  // A little longer: a request that is on its way has an age, too.
  const ms = Math.max(listDelaySeconds, readDelaySeconds) * 1_000 * 1.2;
  const life = new Life(lane, { ms, ofStates: staleStateReads > 0 }, new Stacks(inSecond));
  life.diary.push(JSON.stringify(variants));
  for (const round of rounds) {
    for (const { resource, spec } of round.edits) life.edit(resource, spec);
    for (const act of round.byHand) await life.byHand(act);
    for (const edit of round.stateEdits) await life.editState(edit);
    const { first, second } = life.stacks;
    const stack = round.second && life.lived.includes(second) ? second : first;
    await life.operate(round.operation, { ...round, stack });
  }
  await becomesWell(life, lane);
}

/** Everything is calm again: each stack must come to what its program asks for, stay so, and end without a trace. */
async function becomesWell(life: Life, lane: Lane): Promise<void> {
  life.diary.push("-- calm --");
  await endWhatHangs(life, lane);
  for (const stack of life.lived)
    for (let refreshes = 0; !(await life.operate("refresh", { stack })).ok; refreshes++)
      if (refreshes > 1) throw life.violation(["refresh does not succeed when all is calm"]);
  for (let ups = 1; !(await allAreUp(life, lane)); ups++)
    if (ups >= MOST_UPS) throw life.violation(["up does not succeed when all is calm"]);
  for (const stack of life.lived) {
    await life.operate("refresh", { stack });
    const preview = await life.operate("preview", { stack });
    if (preview.steps.some(({ step }) => step !== "same"))
      throw life.violation([`a preview after refresh is not empty: ${JSON.stringify(preview)}`]);
  }
  for (const stack of life.lived)
    if (!(await life.operate("destroy", { stack })).ok)
      throw life.violation(["destroy does not succeed when all is calm"]);
}

/** Runs `up` once for every stack; one may give up what another waits for. @returns whether all of them went well. */
async function allAreUp(life: Life, lane: Lane): Promise<boolean> {
  let areUp = true;
  for (const stack of life.lived) {
    const run = await life.operate("up", { stack });
    if (run.ok) continue;
    areUp = false;
    await doAsTold(run, stack, life, lane);
    await life.timePasses();
  }
  return areUp;
}

/** What never ends, or ended badly, is set right, as the platform's operators would; the rest is waited for. */
async function endWhatHangs(life: Life, { organisation, clock }: Lane): Promise<void> {
  const { jobs, unsettled } = await organisation.truth();
  const pending = jobs.filter(({ status }) => status === "queued" || status === "running");
  if (pending.length > 0 || unsettled.size > 0) await clock.sleep(ALL_IS_OVER_MS);
  for (const { job_id, status } of (await organisation.truth()).jobs)
    if (status === "queued" || status === "running") {
      life.diary.push(`  by hand: removed the job ${job_id}`);
      await organisation.removeJob(job_id);
    }
  for (const [id, code] of (await organisation.truth()).unsettled) {
    life.diary.push(`  by hand: settled ${id}, which was ${code}`);
    await organisation.settle(id);
  }
}

/** What a user does about what `up` says: out of the way with a key's holder, or into the stack with it. */
async function doAsTold({ steps }: Run, stack: Stack, life: Life, lane: Lane): Promise<void> {
  const { strays } = life.knowledge;
  let truth = await lane.organisation.truth();
  for (const { urn, error = "" } of steps) {
    if (!error.includes('"pulumi state delete"')) continue;
    // Of the URN there may be several: the one whose job it is.
    const stuck = stack.engine.state.find((each) => each.urn === urn && error.includes(jobIdIn(each) ?? "?"));
    if (stuck !== undefined) life.takeOutOfState(stuck, truth);
  }
  if (steps.some(({ error = "" }) => error.includes("was made, but cannot be read")))
    await life.operate("refresh", { stack });
  truth = await lane.organisation.truth();
  for (const resource of life.knowledge.programOf(stack).keys()) {
    for (const object of bearers(resource, life, truth)) {
      const ours = holderOf(object, life, truth);
      // What the program no longer has is only deleted at the end: its key is free for another once it is out of the way.
      if (ours !== undefined && life.knowledge.program.has(resourceOf(ours.urn))) {
        // What holds it gives it up by itself, but for those that wait for one another.
        if (!isInCircle(resource, life, truth)) continue;
      }
      if (ours !== undefined) life.takeOutOfState(ours, truth);
      if (strays.has(object.id) && life.stacks.find(resource) === undefined)
        await life.operate("import", { stack, into: { resource, id: object.id } });
      else await life.clearAway(object);
    }
  }
}

/** The objects that bear the key which a resource of the program asks for, but for its own. */
function bearers(resource: number, { knowledge, stacks }: Life, { objects }: Truth): StoredObject[] {
  const spec = knowledge.program.get(resource);
  if (spec === undefined) return [];
  const key = explicitKey(resource, spec.key);
  const mine = stacks.find(resource);
  const { kind } = subjectOf(resource);
  return objects.filter(
    (each) =>
      each.kind === kind &&
      each.id !== (mine && objectIdIn(mine)) &&
      (key === undefined ? isAutomatic(each) : each.key === key) &&
      resourceCalled(each) === resource,
  );
}

/** The resource that has an object in a state, and is not about to be deleted. */
const holderOf = ({ id }: StoredObject, { stacks }: Life, truth: Truth): ResourceState | undefined =>
  stacks.state.find((each) => !each.delete && idsIn(each, truth).includes(id));

/** Whether resources hold one another's keys, as after imports into the wrong ones: then none can be replaced. */
function isInCircle(resource: number, life: Life, truth: Truth): boolean {
  const met = new Set<number>();
  for (let at = resource; !met.has(at); ) {
    met.add(at);
    const holder = bearers(at, life, truth)
      .map((object) => holderOf(object, life, truth))
      .find((each) => each !== undefined);
    if (holder === undefined) return false;
    at = resourceOf(holder.urn);
    if (at === resource) return true;
  }
  return false;
}
