/** What people do in the organisation, behind Pulumi's back. */
import type { Knowledge } from "./knowledge.js";
import { explicitName, TARGETS, TOPICS } from "./program.js";
import type { ByHand } from "./schedule.js";
import { isPending, type Organisation, type StoredSource } from "./support/organisation.js";

/**
 * Changes the organisation as a person would, and keeps in mind whose source it was.
 *
 * @param say is told what was done.
 */
export async function doByHand(
  act: ByHand,
  organisation: Organisation,
  knowledge: Knowledge,
  say: (line: string) => void,
): Promise<void> {
  const { sources, jobs } = await organisation.truth();
  if (act.by === "add") {
    const name = explicitName(act.resource, act.name) as string;
    // As the platform has it: a name that a job is about to give is taken, too.
    const holders = [...sources, ...jobs.filter(isPending)];
    if (holders.some((each) => each.name === name)) return;
    const added = await organisation.add({ name, event_topic_id: TOPICS[act.topic] });
    const { source_id } = added;
    knowledge.foreign.set(source_id, (await sourceOf(source_id, organisation)) ?? added);
    say(`  by hand: added ${name} (${source_id})`);
    return;
  }
  const source = sources[act.pick % Math.max(sources.length, 1)];
  if (source === undefined) return;
  const id = source.source_id;
  say(`  by hand: ${act.by} ${act.by === "change" ? act.field : ""} ${source.name} (${id})`);
  try {
    await change(source, act, organisation, knowledge);
  } catch (error) {
    if ((error as { status?: number }).status !== 404) throw error;
    // The provider, which is at work meanwhile, has deleted it since it was looked up.
    say("    it was gone already");
  }
}

async function change(
  source: StoredSource,
  act: Exclude<ByHand, { by: "add" }>,
  organisation: Organisation,
  knowledge: Knowledge,
): Promise<void> {
  const id = source.source_id;
  if (act.by === "remove") {
    await organisation.remove("sources", id);
    knowledge.removedByHand(id);
    return;
  }
  const fields = {
    nothing: {},
    description: { description: "by hand" },
    status: { status: source.status === "active" ? "inactive" : "active" },
    targets: { targets: [{ target_id: TARGETS[1], priority: 1 }] },
    name: { name: `${source.name}-by-hand` },
  }[act.field];
  const changed = await organisation.change(id, fields);
  knowledge.changedByHand((await sourceOf(id, organisation)) ?? changed, act.field === "nothing");
}

async function sourceOf(id: string, organisation: Organisation): Promise<StoredSource | undefined> {
  const { sources } = await organisation.truth();
  return sources.find(({ source_id }) => source_id === id);
}
