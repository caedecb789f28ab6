/** Lives a whole schedule, and after it until all is well and gone. */
import { idsIn, jobIdIn } from "./knowledge.js";
import { Life } from "./life.js";
import { explicitName, isAutomatic, resourceOf, resourceOfName } from "./program.js";
import type { Schedule } from "./schedule.js";
import { type Stack, Stacks } from "./stacks.js";
import type { ResourceState, Run } from "./support/command.js";
import type { Lane } from "./support/lane.js";
import type { StoredSource, Truth } from "./support/organisation.js";

/** How many runs of `up` a stack may need once everything is calm. */
const MOST_UPS = 6;
/** Longer than any job that is not stuck. */
const JOBS_ARE_OVER_MS = 31_000;

/**
 * Lives a schedule, from an organisation's first day to the end of the stack.
 *
 * @throws Violation where something that must be true is not.
 */
export async function runSchedule(
  lane: Lane,
  { variants, jobMs, allowed, inSecond, rounds }: Schedule,
): Promise<void> {
  const { organisation } = lane;
  await organisation.reset();
  await lane.project.clean();
  await organisation.variants(variants);
  const rateLimit = { allowed: allowed ?? 1_000_000, windowSeconds: 5 };
  await organisation.settings({ jobDurationMs: jobMs, rateLimit });
  const { listDelaySeconds = 0, readDelaySeconds = 0 } = variants;
  // A little longer: a request that is on its way has an age, too.
  const lag = Math.max(listDelaySeconds, readDelaySeconds) * 1_000 * 1.2;
  const life = new Life(lane, lag, new Stacks(inSecond));
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
  await endJobs(life, lane);
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

/** Jobs that never end are taken away, as the platform's operators would; the others are waited for. */
async function endJobs(life: Life, { organisation, clock }: Lane): Promise<void> {
  const { jobs } = await organisation.truth();
  const pending = jobs.filter(({ status }) => status === "queued" || status === "running");
  if (pending.length > 0) await clock.sleep(JOBS_ARE_OVER_MS);
  for (const { job_id, status } of (await organisation.truth()).jobs)
    if (status === "queued" || status === "running") {
      life.diary.push(`  by hand: removed the job ${job_id}`);
      await organisation.remove("jobs", job_id);
    }
}

/** What a user does about what `up` says: out of the way with a name's holder, or into the stack with it. */
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
    for (const source of bearers(resource, life, truth)) {
      const ours = holderOf(source, life, truth);
      // What the program no longer has is only deleted at the end: its name is free for another once it is out of the way.
      if (ours !== undefined && life.knowledge.program.has(resourceOf(ours.urn))) {
        // What holds it gives it up by itself, but for those that wait for one another.
        if (!isInCircle(resource, life, truth)) continue;
      }
      if (ours !== undefined) life.takeOutOfState(ours, truth);
      if (strays.has(source.source_id) && life.stacks.find(resource) === undefined)
        await life.operate("import", { stack, into: { resource, id: source.source_id } });
      else await life.clearAway(source);
    }
  }
}

/** The sources that bear the name which a resource of the program asks for, but for its own. */
function bearers(resource: number, { knowledge, stacks }: Life, { sources }: Truth): StoredSource[] {
  const spec = knowledge.program.get(resource);
  if (spec === undefined) return [];
  const name = explicitName(resource, spec.name);
  const mine = stacks.find(resource);
  return sources.filter(
    (each) =>
      each.source_id !== mine?.outputs.sourceId &&
      (name === undefined ? isAutomatic(each) : each.name === name) &&
      resourceOfName(each.name) === resource,
  );
}

/** The resource that has a source in a state, and is not about to be deleted. */
const holderOf = ({ source_id }: StoredSource, { stacks }: Life, truth: Truth): ResourceState | undefined =>
  stacks.state.find((each) => !each.delete && idsIn(each, truth).includes(source_id));

/** Whether resources hold one another's names, as after imports into the wrong ones: then none can be replaced. */
function isInCircle(resource: number, life: Life, truth: Truth): boolean {
  const met = new Set<number>();
  for (let at = resource; !met.has(at); ) {
    met.add(at);
    const holder = bearers(at, life, truth)
      .map((source) => holderOf(source, life, truth))
      .find((each) => each !== undefined);
    if (holder === undefined) return false;
    at = resourceOf(holder.urn);
    if (at === resource) return true;
  }
  return false;
}
