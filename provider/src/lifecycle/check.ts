/** Checks what a program wrote, and fills in what it left open. */
import { isDeepStrictEqual } from "node:util";
import { GenesysError } from "../genesys/errors.js";
import type { Checked, Context, Problem } from "../resourceHandler.js";
import { beginStep, LOOKUP_TIMEOUT } from "../step.js";
import { isUnknown } from "../unknown.js";
import { derivedFrom, derivedKey, isAutomatic, KEY, REPLACED } from "./autoKey.js";
import type { Inputs, Kind, Properties } from "./kind.js";
import { idOf } from "./record.js";
import { observeAndDecide } from "./table.js";

/** What the engine gives a check beside the program's arguments. */
interface Asked {
  urn: string | undefined;
  importId: string | undefined;
  olds: Properties | undefined;
  /** The key that the program gives. */
  given: unknown;
}

/**
 * Calls the API only for references that are not those of the olds, and only when nothing else is wrong.
 *
 * @param replaced keys of objects that this run may be replacing, by URN. The engine checks a replacement a second time,
 *   without olds: the first check tells which key must be avoided.
 */
export function createCheck(kind: Kind, replaced: Map<string, string>) {
  let warnedOfNoCredentials = false;

  return async function check(
    context: Context,
    olds: Partial<Inputs> | undefined,
    news: Record<string, unknown>,
  ): Promise<Checked<Inputs>> {
    const { __urn: urn, __import: importId, ...args } = news as { __urn?: string; __import?: string };
    // What was noted of earlier creates has to be read before this run makes notes of its own.
    if (kind.token !== undefined && olds === undefined && urn !== undefined)
      await context.stack.wasCreating(urn);
    const parsed = kind.parse(asWritten(kind, args, olds, replaced.get(urn ?? "")));
    if ("problems" in parsed) return parsed;
    const asked: Asked = { urn, importId, olds, given: parsed.inputs[kind.key.field] };
    const before = await keyReplaced(kind, context, asked, replaced);
    if (urn !== undefined && before !== undefined) replaced.set(urn, before);
    const inputs = complete(kind, parsed.inputs, context, {
      urn,
      olds,
      key: await keyFor(kind, context, asked, parsed.inputs, urn === undefined ? undefined : before),
    });
    // What replaces an object is made anew, whatever the one it replaces was imported from.
    if (importId !== undefined && (urn === undefined || !replaced.has(urn))) {
      context.log(urn).info(`${kind.noun} ${importId} will be imported as it is: nothing is made or changed`);
      return { inputs: { ...inputs, __import: importId } };
    }
    const { settings } = context;
    if (settings.validateReferences === "off" || !kind.refersElsewhere(olds, inputs)) return { inputs };
    if (settings.credentials === undefined) {
      warnOfNoCredentials(context, urn);
      return { inputs };
    }
    const problems = await lookUp(kind, context, { ...parsed.inputs, __urn: urn });
    if (problems.length === 0) return { inputs };
    if (settings.validateReferences === "error") return { problems };
    for (const { path, reason } of problems)
      context.log(urn).warn(path === "" ? reason : `${path}: ${reason}`);
    return { inputs };
  };

  /** Once in a run: it is the same for every resource. */
  function warnOfNoCredentials(context: Context, urn: string | undefined): void {
    if (warnedOfNoCredentials) return;
    warnedOfNoCredentials = true;
    context
      .log(urn)
      .warn(`${kind.references} are not looked up: no credentials for Genesys Cloud are configured`);
  }
}

/**
 * What the program wrote. In the place of what it is to ignore (`ignoreChanges: ["*"]`) the engine puts the inputs of the
 * stack's state, and among them those that no program writes: an automatic key, and the mark that it is one. A program
 * that writes such a key itself is refused.
 *
 * @param replaced the key in the olds of the check before, where a replacement is checked without.
 */
function asWritten(
  { key }: Kind,
  args: Record<string, unknown>,
  olds: Record<string, unknown> | undefined,
  replaced: string | undefined,
): Record<string, unknown> {
  const isAgain = olds === undefined && replaced !== undefined && replaced === args[key.field];
  const isOurs = (name: string) => isHidden(name) && (isAgain || isDeepStrictEqual(olds?.[name], args[name]));
  const isAutomatic = args.__autonamed === true && isOurs("__autonamed");
  const isOfOlds = isAutomatic && (isAgain || args[key.field] === olds?.[key.field]);
  const derived = isOurs("__automatic") ? ((args.__automatic ?? []) as readonly string[]) : [];
  return Object.fromEntries(
    Object.entries(args).filter(
      ([name]) => !isOurs(name) && !(isOfOlds && name === key.field) && !derived.includes(name),
    ),
  );
}

const isHidden = (key: string): boolean => key.startsWith("__");

/** The key of what is being replaced, as far as it is known. */
async function keyReplaced(
  { key }: Kind,
  { journal, stack }: Context,
  { urn, importId, olds, given }: Asked,
  replaced: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const ofOlds = olds?.[key.field] as string | undefined;
  const earlier = urn === undefined ? undefined : replaced.get(urn);
  if (urn === undefined) return ofOlds;
  let inStack: string | undefined;
  let ofRecord: string | undefined;
  const whose = await observeAndDecide(REPLACED, {
    olds: ofOlds === undefined ? "none" : "given",
    earlier: earlier === undefined ? "no" : "yes",
    imports: importId === undefined ? "no" : "yes",
    program: given === undefined ? "leaves it out" : "gives it",
    stack: async () => {
      inStack = await stack.keyOf(urn, importId === undefined ? "or leaving" : undefined);
      return inStack === undefined ? "none" : "has it";
    },
    record: async () => {
      const record = await journal.find(urn);
      const isDone = record?.phase === "returned" || record?.phase === "stored";
      const id = isDone ? idOf(record) : undefined;
      if (record !== undefined && id !== undefined && (await stack.holds(urn, id))) ofRecord = record.name;
      return ofRecord === undefined ? "none" : "of what the stack has";
    },
  });
  const keys = {
    "the olds'": ofOlds,
    "the earlier check's": earlier,
    "the stack's": inStack,
    "the record's": ofRecord,
    none: undefined,
  };
  return keys[whose];
}

/** The key that the object gets, or an unknown value in its place; `undefined` where the program gives it. */
async function keyFor(
  kind: Kind,
  context: Context,
  { urn, olds, given }: Asked,
  parsed: Properties,
  replaced: string | undefined,
): Promise<unknown> {
  const ofOlds = olds?.[kind.key.field];
  const isAutomatic = olds?.__autonamed === true && ofOlds !== undefined && !isUnknown(ofOlds);
  const basis = kind.replacing.map((field) => parsed[field]);
  const unknown = basis.find(isUnknown);
  let begun: string | undefined;
  const which = await observeAndDecide(KEY, {
    program: given === undefined ? "leaves it out" : "gives it",
    olds: olds === undefined ? "none" : isAutomatic ? "automatic" : "chosen or unknown",
    begun: async () => {
      begun = await automaticKeyBegun(kind, context, urn);
      return begun === undefined ? "no" : "yes";
    },
    basis: unknown === undefined ? "known" : "unknown",
  });
  switch (which) {
    case "the program's":
      return undefined;
    case "the olds'":
      return ofOlds;
    case "what was begun":
      return begun;
    case "unknown":
      return unknown;
    case "derived":
      return derivedKey(kind, { urn: urn ?? "", inputs: basis, replaced });
  }
}

/** The automatic key under which an interrupted create of this resource has begun to make an object. */
async function automaticKeyBegun(
  kind: Kind,
  { journal, stack }: Context,
  urn: string | undefined,
): Promise<string | undefined> {
  const record = urn === undefined ? undefined : await journal.find(urn);
  if (urn === undefined || (record?.phase !== "posting" && record?.phase !== "accepted")) return undefined;
  if (!isAutomatic(kind, urn, record.name)) return undefined;
  const id = idOf(record);
  const isKept =
    (await stack.keyOf(urn)) === record.name || (id !== undefined && (await stack.holds(urn, id)) === true);
  return isKept ? undefined : record.name;
}

function complete(
  kind: Kind,
  parsed: Properties,
  { settings }: Context,
  { urn, olds, key }: { urn: string | undefined; olds: Properties | undefined; key: unknown },
): Inputs {
  const derived = (kind.alsoDerived ?? []).filter((field) => parsed[field] === undefined);
  const webhookUrl = parsed.webhookUrl ?? settings.webhookUrl;
  return kind.complete({
    ...parsed,
    ...(key === undefined ? {} : { [kind.key.field]: key, __autonamed: true }),
    ...Object.fromEntries(derived.map((field) => [field, derivedField(field, urn, olds)])),
    ...(derived.length === 0 ? {} : { __automatic: derived }),
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...(urn === undefined ? {} : { __urn: urn }),
  } as Inputs);
}

/** What was derived once stays what it is. */
function derivedField(field: string, urn: string | undefined, olds: Properties | undefined): unknown {
  const isKept = (olds?.__automatic as readonly string[] | undefined)?.includes(field) ?? false;
  return isKept && !isUnknown(olds?.[field]) ? olds?.[field] : derivedFrom(urn ?? "");
}

async function lookUp(
  kind: Kind,
  context: Context,
  inputs: Properties & { __urn?: string },
): Promise<Problem[]> {
  try {
    return await kind.checkReferences(context, inputs, beginStep(context, LOOKUP_TIMEOUT).budget);
  } catch (error) {
    if (!(error instanceof GenesysError)) throw error;
    // Without a login nothing else would work either.
    const way = error.path.startsWith("/oauth/")
      ? ""
      : ' To go on without, set genesyscloud:validateReferences to "warn" or "off".';
    const reason = `${kind.references} could not be looked up: ${error.message}${way}`;
    return [{ path: "", reason }];
  }
}
