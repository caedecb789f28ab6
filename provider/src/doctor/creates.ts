/** What doctor says of creates that were cut short: what they have left, and who goes on with it. */
import { mapLimit } from "async";
import type { CreateRecord } from "../createRecord.js";
import { GenesysError } from "../genesys/errors.js";
import { kindIn } from "../kinds.js";
import { resourceName } from "../lifecycle/autoKey.js";
import { beginOn, type Kind } from "../lifecycle/kind.js";
import { type Orphan, orphanOf } from "../lifecycle/orphans.js";
import { inQuotes } from "../printable.js";
import type { Context } from "../resourceHandler.js";
import { isOfProvider, journalPlaceOf } from "../settingPlaces.js";
import { SettingsError } from "../settings.js";
import { LOOKUP_TIMEOUT } from "../waits.js";
import { about, type Finding, inOneLine } from "./finding.js";

const NO_STACK =
  "some are known on this machine, and which stack counts cannot be told: look again in a project whose stack can be read, or outside of one with --stack";

/** Creates that are looked into at once. */
const AT_ONCE = 8;

/** The creates that count, by the names that stand in URNs. */
export interface Whose {
  /** Absent where it cannot be told. */
  stack: string | undefined;
  /** Absent where it cannot be told: then every project's. Several can share a journal, beside one audit log. */
  project: string | undefined;
}

/**
 * Whether creates that were cut short on this machine have left something that no stack has. A `pulumi up` goes on with
 * it by itself, as long as its resource is in the program: a `destroy`, or a program without it, leaves it there.
 */
export async function checkCreates(context: Context, { stack, project }: Whose): Promise<Finding[]> {
  const creates = about("interrupted creates");
  // Of which organisation another stack is, its own settings say.
  const open = (await context.journal.all()).filter(
    ({ urn, phase }) =>
      phase !== "stored" &&
      (stack === undefined || stackIn(urn) === stack) &&
      (project === undefined || projectIn(urn) === project),
  );
  if (stack === undefined && open.length > 0) return [creates.skipped(NO_STACK)];
  if (open.length === 0) return [creates.ok("none of this stack is known on this machine")];
  const here = journalPlaceOf(context.settings);
  const isHere = ({ host }: CreateRecord) => host === undefined || here === undefined || host === here;
  const elsewhere = new Set(open.filter((each) => !isHere(each)).map(({ host }) => host));
  return [
    ...(await lookFor(open.filter(isHere), context)),
    ...[...elsewhere].map((host) =>
      creates.skipped(
        isOfProvider(String(host))
          ? `what was begun at ${host} is not looked for: run "pulumi up" with that provider in the program, which goes on with it`
          : `what was begun at ${host} is not looked for at ${here}: set genesyscloud:region, or genesyscloud:gateway, to that, and look again`,
      ),
    ),
  ];
}

async function lookFor(records: CreateRecord[], context: Context): Promise<Finding[]> {
  const creates = about("interrupted creates");
  if (records.length === 0) return [];
  try {
    const found = await mapLimit(records, AT_ONCE, async (record: CreateRecord) => look(record, context));
    // What was set aside may be what the resource's own entry tells of, too: that one knows more.
    const left = new Map<string, Left>();
    const asideFirst = found
      .filter((each) => each !== undefined)
      .toSorted((a, b) => Number(b.record.isAside ?? false) - Number(a.record.isAside ?? false));
    for (const each of asideFirst) left.set(`${each.record.urn} ${each.objectId ?? each.record.jobId}`, each);
    if (left.size === 0) return [creates.ok("nothing is left of them outside of a stack")];
    return [...left.values()].map((each) => creates.warning(sayLeft(each)));
  } catch (error) {
    if (!(error instanceof GenesysError || error instanceof SettingsError)) throw error;
    return [creates.skipped(`what they have left could not be looked for: ${inOneLine(error)}`)];
  }
}

interface Left extends Orphan {
  kind: Kind;
}

async function look(record: CreateRecord, context: Context): Promise<Left | undefined> {
  const kind = kindIn(record.urn);
  if (kind === undefined) return undefined;
  const orphan = await orphanOf(record, beginOn(kind, context, LOOKUP_TIMEOUT));
  return orphan && { ...orphan, kind };
}

function sayLeft({ kind: { noun, key }, record, objectId, isCertain }: Left): string {
  const { urn, name, jobId, isAside } = record;
  const what = objectId === undefined ? `still being made by job ${jobId}` : `id ${objectId}`;
  const whose = `resource ${inQuotes(resourceName(urn))} of stack ${stackIn(urn)}`;
  const where = isCertain ? "is not in its state" : "is not known to be in its state";
  const ways = isAside
    ? `delete the ${noun}, or import it`
    : `run "pulumi up" with the resource in the program, which goes on with it, or delete the ${noun}`;
  return `the ${noun} of the ${key.field} ${inQuotes(name)} (${what}), begun for ${whose}, ${where}: ${ways}`;
}

const stackIn = (urn: string): string | undefined => /^urn:pulumi:([^:]+)::/.exec(urn)?.[1];
const projectIn = (urn: string): string | undefined => urn.split("::", 2)[1];
