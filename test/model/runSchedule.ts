import { idsIn, jobIdIn } from "./knowledge.js";
import { Life } from "./life.js";
import { explicitName, resourceOf, urnOf } from "./program.js";
import type { Schedule } from "./schedule.js";
import type { ResourceState, Run } from "./support/engine.js";
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
export async function runSchedule(lane: Lane, { variants, jobMs, allowed, rounds }: Schedule): Promise<void> {
  const { organisation } = lane;
  await organisation.reset();
  await lane.project.clean();
  await organisation.variants(variants);
  const rateLimit = { allowed: allowed ?? 1_000_000, windowSeconds: 5 };
  await organisation.settings({ jobDurationMs: jobMs, rateLimit });
  const { listDelaySeconds = 0, readDelaySeconds = 0 } = variants;
  // A little longer: a request that is on its way has an age, too.
  const life = new Life(lane, Math.max(listDelaySeconds, readDelaySeconds) * 1_000 * 1.2);
  life.diary.push(JSON.stringify(variants));
  for (const round of rounds) {
    for (const { resource, spec } of round.edits) life.edit(resource, spec);
    for (const act of round.byHand) await life.byHand(act);
    await life.operate(round.operation, round);
  }
  await becomesWell(life, lane);
}

/** Everything is calm again: the stack must come to what its program asks for, stay so, and end without a trace. */
async function becomesWell(life: Life, lane: Lane): Promise<void> {
  life.diary.push("-- calm --");
  await endJobs(life, lane);
  for (let refreshes = 0; !(await life.operate("refresh")).ok; refreshes++)
    if (refreshes > 1) throw life.violation(["refresh does not succeed when all is calm"]);
  for (let ups = 1; ; ups++) {
    const run = await life.operate("up");
    if (run.ok) break;
    if (ups >= MOST_UPS) throw life.violation(["up does not succeed when all is calm"]);
    await doAsTold(run, life, lane);
    await life.timePasses();
  }
  await life.operate("refresh");
  const preview = await life.operate("preview");
  if (preview.steps.some(({ step }) => step !== "same"))
    throw life.violation([`a preview after refresh is not empty: ${JSON.stringify(preview)}`]);
  if (!(await life.operate("destroy")).ok)
    throw life.violation(["destroy does not succeed when all is calm"]);
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
async function doAsTold({ steps }: Run, life: Life, lane: Lane): Promise<void> {
  const { strays } = life.knowledge;
  let truth = await lane.organisation.truth();
  for (const { urn, error = "" } of steps) {
    if (!error.includes('"pulumi state delete"')) continue;
    // Of the URN there may be several: the one whose job it is.
    const stuck = life.engine.state.find((each) => each.urn === urn && error.includes(jobIdIn(each) ?? "?"));
    if (stuck !== undefined) life.takeOutOfState(stuck, truth);
  }
  if (steps.some(({ error = "" }) => error.includes("was made, but cannot be read")))
    await life.operate("refresh");
  truth = await lane.organisation.truth();
  for (const resource of life.knowledge.program.keys()) {
    for (const source of bearers(resource, life, truth)) {
      const ours = holderOf(source, life, truth);
      // What the program no longer has is only deleted at the end: its name is free for another once it is out of the way.
      if (ours !== undefined && life.knowledge.program.has(resourceOf(ours.urn))) {
        // What holds it gives it up by itself, but for those that wait for one another.
        if (!isInCircle(resource, life, truth)) continue;
      }
      if (ours !== undefined) life.takeOutOfState(ours, truth);
      if (strays.has(source.source_id) && life.engine.find(urnOf(resource)) === undefined)
        await life.operate("import", { into: { resource, id: source.source_id } });
      else await life.clearAway(source);
    }
  }
}

/** The sources that bear the name which a resource of the program asks for, but for its own. */
function bearers(resource: number, { knowledge, engine }: Life, { sources }: Truth): StoredSource[] {
  const spec = knowledge.program.get(resource);
  if (spec === undefined) return [];
  const name = explicitName(resource, spec.name);
  const mine = engine.find(urnOf(resource));
  return sources.filter(
    (each) =>
      each.source_id !== mine?.outputs.sourceId &&
      (name === undefined ? AUTOMATIC.test(each.name) : each.name === name) &&
      resourceOfName(each.name) === resource,
  );
}

/** The resource that has a source in the state, and is not about to be deleted. */
const holderOf = ({ source_id }: StoredSource, { engine }: Life, truth: Truth): ResourceState | undefined =>
  engine.state.find((each) => !each.delete && idsIn(each, truth).includes(source_id));

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

const AUTOMATIC = /^r\d-[0-9a-f]{7}$/;
const resourceOfName = (name: string): number => Number(name[1]);
