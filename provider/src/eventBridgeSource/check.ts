import { isDeepStrictEqual } from "node:util";
import { GenesysError } from "../genesys/errors.js";
import { idOf } from "../lifecycle/record.js";
import { isUnknown } from "../pulumi/unknown.js";
import type { Checked, Context, Problem } from "../resourceHandler.js";
import { beginStep, LOOKUP_TIMEOUT } from "../step.js";
import type { SourceInputs } from "./model.js";
import { derivedName, isAutomaticName } from "./name.js";
import { checkReferences, refersElsewhere } from "./references.js";
import { type ParsedInputs, parseInputs } from "./schema.js";

/**
 * Checks what a program wrote and fills in what it left open. Calls the API only for a topic or targets that
 * are not those of the olds, and only when nothing else is wrong.
 *
 * @param replaced names of sources that this run may be replacing, by URN. The engine checks a replacement a
 *   second time, without olds: the first check tells which name must be avoided.
 */
export function createCheck(replaced: Map<string, string>) {
  let warnedOfNoCredentials = false;

  return async function check(
    context: Context,
    olds: Partial<SourceInputs> | undefined,
    news: Record<string, unknown>,
  ): Promise<Checked<SourceInputs>> {
    const { __urn: urn, __import: importId, ...args } = news as { __urn?: string; __import?: string };
    const parsed = parseInputs(asWritten(args, olds, replaced.get(urn ?? "")));
    if ("problems" in parsed) return parsed;
    const isAutomatic = parsed.inputs.name === undefined;
    const begun = olds === undefined && isAutomatic ? await automaticNameBegun(context, urn) : undefined;
    const before =
      olds?.name ?? (await nameReplacedByForce(context, { ...parsed.inputs, urn, importId }, replaced));
    if (urn !== undefined && before !== undefined) replaced.set(urn, before);
    const { settings } = context;
    const inputs = complete(parsed.inputs, {
      urn,
      olds,
      begun,
      replaced: urn === undefined ? undefined : replaced.get(urn),
      webhookUrl: settings.webhookUrl,
    });
    // What replaces a source is made anew, whatever the one it replaces was imported from.
    if (importId !== undefined && (urn === undefined || !replaced.has(urn))) {
      context.log(urn).info(`source ${importId} will be imported as it is: nothing is made or changed`);
      return { inputs: { ...inputs, __import: importId } };
    }
    if (settings.validateReferences === "off" || !refersElsewhere(olds, inputs)) return { inputs };
    if (settings.credentials === undefined) {
      if (!warnedOfNoCredentials)
        context
          .log(urn)
          .warn("topics and targets are not looked up: no credentials for Genesys Cloud are configured");
      warnedOfNoCredentials = true;
      return { inputs };
    }
    const problems = await lookUp(context, parsed.inputs);
    if (problems.length === 0) return { inputs };
    if (settings.validateReferences === "error") return { problems };
    for (const { path, reason } of problems)
      context.log(urn).warn(path === "" ? reason : `${path}: ${reason}`);
    return { inputs };
  };
}

/**
 * What the program wrote. In the place of what it is to ignore (`ignoreChanges: ["*"]`) the engine puts the inputs of the
 * stack's state, and among them those that no program writes: an automatic name, and the mark that it is one. A program
 * that writes such a key itself is refused.
 *
 * @param replaced the name in the olds of the check before, where a replacement is checked without.
 */
function asWritten(
  args: Record<string, unknown>,
  olds: Record<string, unknown> | undefined,
  replaced: string | undefined,
): Record<string, unknown> {
  const isAgain = olds === undefined && replaced !== undefined && replaced === args.name;
  const isOurs = (key: string) => isHidden(key) && (isAgain || isDeepStrictEqual(olds?.[key], args[key]));
  const isAutomatic = args.__autonamed === true && isOurs("__autonamed");
  const isName = isAutomatic && (isAgain || args.name === olds?.name);
  return Object.fromEntries(
    Object.entries(args).filter(([key]) => !isOurs(key) && !(isName && key === "name")),
  );
}

const isHidden = (key: string): boolean => key.startsWith("__");

/**
 * The name of the source that a run replaces by force (`--replace`, `state taint`): the engine then calls no check with
 * olds, so that the stack has to be asked. Whether what is replaced is deleted first, or was deleted by a run that was cut
 * short since, its successor has the same name. What this machine has made may be in the stack as another resource.
 */
async function nameReplacedByForce(
  { journal, stack }: Context,
  { urn, importId, name }: { urn?: string; importId?: string; name?: ParsedInputs["name"] },
  replaced: Map<string, string>,
): Promise<string | undefined> {
  if (urn === undefined || replaced.has(urn)) return undefined;
  if (importId !== undefined) return stack.nameOf(urn);
  if (name !== undefined) return undefined;
  const inStack = await stack.nameOf(urn, "or leaving");
  if (inStack !== undefined) return inStack;
  const entry = await journal.find(urn);
  if (entry?.phase !== "returned" && entry?.phase !== "stored") return undefined;
  const id = idOf(entry);
  if (id === undefined) return undefined;
  return (await stack.holds(urn, id)) ? entry.name : undefined;
}

/**
 * The automatic name under which an interrupted create of this resource has begun to make one. Asked for again it is
 * found: by force (`--replace`, `state taint`) it was chosen to avoid that of the one that the stack has.
 */
async function automaticNameBegun(
  { journal, stack }: Context,
  urn: string | undefined,
): Promise<string | undefined> {
  const entry = urn === undefined ? undefined : await journal.find(urn);
  if (urn === undefined || (entry?.phase !== "posting" && entry?.phase !== "accepted")) return undefined;
  if (!isAutomaticName(urn, entry.name)) return undefined;
  const id = idOf(entry);
  const isKept =
    (await stack.nameOf(urn)) === entry.name || (id !== undefined && (await stack.holds(urn, id)) === true);
  return isKept ? undefined : entry.name;
}

interface Known {
  urn: string | undefined;
  begun: string | undefined;
  olds: Partial<SourceInputs> | undefined;
  replaced: string | undefined;
  webhookUrl: string | undefined;
}

function complete({ name, ...parsed }: ParsedInputs, known: Known): SourceInputs {
  const webhookUrl = parsed.webhookUrl ?? known.webhookUrl;
  return {
    ...parsed,
    ...(name === undefined ? { name: automaticName(parsed, known), __autonamed: true } : { name }),
    targets: withPriorities(parsed.targets),
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...(known.urn === undefined ? {} : { __urn: known.urn }),
  };
}

/** Chosen once: what has an automatic name keeps it. Unknown as long as what it is derived from is. */
function automaticName(parsed: Pick<SourceInputs, "eventTopicId" | "sourceType">, known: Known): string {
  const { urn = "", olds, begun, replaced } = known;
  if (olds?.__autonamed && olds.name !== undefined && !isUnknown(olds.name)) return olds.name;
  const { eventTopicId, sourceType } = parsed;
  return (
    begun ??
    [eventTopicId, sourceType].find(isUnknown) ??
    derivedName({ urn, eventTopicId, sourceType, replaced })
  );
}

/** Every target gets the priority it was given, or its position; the list is kept in that order. */
function withPriorities(targets: ParsedInputs["targets"]): SourceInputs["targets"] {
  if (!Array.isArray(targets)) return targets;
  const complete = targets.map((target, index) =>
    isUnknown(target) ? target : { ...target, priority: target.priority ?? index + 1 },
  ) as SourceInputs["targets"];
  const orderKnown = complete.every((target) => Number.isInteger(target.priority));
  return orderKnown ? complete.toSorted((a, b) => a.priority - b.priority) : complete;
}

async function lookUp(context: Context, inputs: ParsedInputs): Promise<Problem[]> {
  try {
    return await checkReferences(context.client, inputs, beginStep(context, LOOKUP_TIMEOUT).budget);
  } catch (error) {
    if (!(error instanceof GenesysError)) throw error;
    // Without a login nothing else would work either.
    const way = error.path.startsWith("/oauth/")
      ? ""
      : ' To go on without, set genesyscloud:validateReferences to "warn" or "off".';
    const reason = `topics and targets could not be looked up: ${error.message}${way}`;
    return [{ path: "", reason }];
  }
}
