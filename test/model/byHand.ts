/** What people do in the organisation, behind Pulumi's back. */
import type { Knowledge } from "./knowledge.js";
import { explicitKey } from "./program.js";
import type { ByHand } from "./schedule.js";
import { subjectOf } from "./subjects/index.js";
import type { StoredObject } from "./subjects/subject.js";
import { isPending, type Organisation } from "./support/organisation.js";

/**
 * Changes the organisation as a person would, and keeps in mind whose object it was.
 *
 * @param say is told what was done.
 */
export async function doByHand(
  act: ByHand,
  organisation: Organisation,
  knowledge: Knowledge,
  say: (line: string) => void,
): Promise<void> {
  const { objects, jobs } = await organisation.truth();
  if (act.by === "add") {
    const key = explicitKey(act.resource, act.key) as string;
    // As the platform has it: a name that a job is about to give is taken, too.
    const isTaken =
      objects.some((each) => each.key === key) || jobs.some((job) => isPending(job) && job.name === key);
    if (isTaken) return;
    const added = await organisation.add(subjectOf(act.resource), key, act.fixed);
    knowledge.foreign.set(added.id, added);
    say(`  by hand: added ${added.kind} ${key} (${added.id})`);
    return;
  }
  const object = objects[act.pick % Math.max(objects.length, 1)];
  if (object === undefined) return;
  const { id, kind, key, name } = object;
  say(`  by hand: ${act.by} ${act.by === "change" ? act.field : ""} ${kind} ${key || name} (${id})`);
  try {
    await change(object, act, organisation, knowledge);
  } catch (error) {
    if ((error as { status?: number }).status !== 404) throw error;
    // The provider, which is at work meanwhile, has deleted it since it was looked up.
    say("    it was gone already");
  }
}

async function change(
  object: StoredObject,
  act: Exclude<ByHand, { by: "add" }>,
  organisation: Organisation,
  knowledge: Knowledge,
): Promise<void> {
  const { id } = object;
  if (act.by === "remove") {
    await organisation.remove(object);
    knowledge.removedByHand(id);
    return;
  }
  await organisation.change(object, act.field);
  const changed = (await organisation.truth()).objects.find((each) => each.id === id);
  knowledge.changedByHand(changed ?? object, act.field === "nothing");
}
