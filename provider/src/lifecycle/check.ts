/** Checks what a program wrote, and fills in what it left open. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { GenesysError, isNotFound } from "../genesys/errors.js";
import type { Checked, Context, Problem } from "../resourceHandler.js";
import { beginStep } from "../step.js";
import { isUnknown } from "../unknown.js";
import { LOOKUP_TIMEOUT } from "../waits.js";
import { derivedFrom } from "./autoKey.js";
import { type Asked, keyFor, keyReplaced } from "./chooseKey.js";
import { differingFields } from "./fields.js";
import { foretell } from "./foretold.js";
import type { Inputs, Properties } from "./inputs.js";
import type { Kind } from "./kind.js";

/** What a program gives beside its arguments; what it writes under these names itself is overwritten. */
interface Hidden {
  __urn?: string;
  __import?: string;
  __preview?: boolean;
}

/**
 * Calls the API only for references that are not those of the olds and for what is to be foretold, and only when nothing else
 * is wrong.
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
    const { __urn: urn, __import: importId, __preview: isPreview, ...args } = news as Hidden;
    const parsed = kind.parse(asWritten(kind, args, olds, replaced.get(urn ?? "")));
    if ("problems" in parsed) return parsed;
    const asked: Asked = { urn, importId, olds, given: parsed.inputs[kind.key.field] };
    const references = lookedUpEarly(context, asked, parsed.inputs);
    if (olds === undefined && isPreview !== true) await readNotes(kind, context, urn);
    const inputs = await completed(kind, context, asked, parsed.inputs, replaced);
    const isChanged = differingFields(kind, olds ?? {}, inputs).length > 0;
    const foretold = () => foretell(kind, context, olds, inputs, isChanged);
    // What replaces an object is made anew, whatever the one it replaces was imported from.
    if (importId !== undefined && (urn === undefined || !replaced.has(urn))) {
      context.log(urn).info(`${kind.noun} ${importId} will be imported as it is: nothing is made or changed`);
      return { inputs: { ...inputs, ...(await foretold()), __import: importId } };
    }
    const problems = kind.refersElsewhere(olds, inputs) ? await references() : [];
    if (problems.length > 0) return { problems };
    return { inputs: { ...inputs, ...(await foretold()) } };
  };

  /**
   * The look at the references. Where it is sure to be taken it is on its way while Pulumi's CLI finds out what the stack's state
   * tells. The CLI is started first: the platform's SDK is loaded for the first look, which holds everything else up.
   */
  function lookedUpEarly(context: Context, { urn, importId, olds }: Asked, parsed: Properties) {
    const lookUp = () => wrongReferences(context, { ...parsed, __urn: urn });
    const isSure = importId === undefined && olds === undefined && kind.refersElsewhere(olds, parsed);
    const begun = isSure ? nextTurn().then(lookUp) : undefined;
    // Where something else fails first nobody waits for it any more.
    begun?.catch(() => {});
    return () => begun ?? lookUp();
  }

  /** What is wrong with the references, as far as the settings make a problem of it. */
  async function wrongReferences(
    context: Context,
    inputs: Properties & { __urn?: string },
  ): Promise<Problem[]> {
    const { validateReferences, credentials } = context.settings;
    const { __urn: urn } = inputs;
    if (validateReferences === "off") return [];
    if (credentials === undefined) {
      warnOfNoCredentials(context, urn);
      return [];
    }
    const problems = await lookUp(kind, context, inputs);
    if (validateReferences === "error") return problems;
    for (const { path, reason } of problems)
      context.log(urn).warn(path === "" ? reason : `${path}: ${reason}`);
    return [];
  }

  /** Once in a run: it is the same for every resource. */
  function warnOfNoCredentials(context: Context, urn: string | undefined): void {
    if (warnedOfNoCredentials) return;
    warnedOfNoCredentials = true;
    context
      .log(urn)
      .warn(`${kind.references} are not looked up: no credentials for Genesys Cloud are configured`);
  }
}

/** What is asked for, with what the program leaves open filled in. */
async function completed(
  kind: Kind,
  context: Context,
  asked: Asked,
  parsed: Properties,
  replaced: Map<string, string>,
): Promise<Inputs> {
  const { urn, olds } = asked;
  const before = await keyReplaced(kind, context, asked, replaced);
  if (urn !== undefined && before !== undefined) replaced.set(urn, before);
  const key = await keyFor(kind, context, asked, parsed, urn === undefined ? undefined : before);
  return complete(kind, parsed, context, { urn, olds, key });
}

/**
 * What the engine has noted of earlier creates has to be read before it notes that this run creates something. A preview
 * creates nothing: there nobody asks what is read here.
 */
async function readNotes({ token }: Kind, { stack }: Context, urn: string | undefined): Promise<void> {
  if (token !== undefined && urn !== undefined) await stack.lookUpCreating(urn);
}

/**
 * What the program wrote. In the place of what it is to ignore (`ignoreChanges: ["*"]`) the engine puts the inputs of the
 * stack's state, and among them those that no program writes: an automatic key, the mark that it is one, what is foretold. A program
 * that writes such a key itself is refused.
 *
 * @param replaced the key of what is being replaced: the engine checks a replacement twice, the second time without olds.
 */
function asWritten(
  { key, foretold }: Kind,
  args: Record<string, unknown>,
  olds: Record<string, unknown> | undefined,
  replaced: string | undefined,
): Record<string, unknown> {
  const isAgain = olds === undefined && replaced !== undefined && replaced === args[key.field];
  const isOnlyOurs = (name: string) => name.startsWith("__") || foretold?.fields.includes(name);
  const isOurs = (name: string) =>
    isOnlyOurs(name) && (isAgain || isDeepStrictEqual(olds?.[name], args[name]));
  const isAutomatic = args.__autonamed === true && isOurs("__autonamed");
  const isOfOlds = isAutomatic && (isAgain || args[key.field] === olds?.[key.field]);
  const derived = isOurs("__automatic") ? ((args.__automatic ?? []) as readonly string[]) : [];
  return Object.fromEntries(
    Object.entries(args).filter(
      ([name]) => !isOurs(name) && !(isOfOlds && name === key.field) && !derived.includes(name),
    ),
  );
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
    ...Object.fromEntries(derived.map((field) => [field, derivedField(field, urn, olds, key)])),
    ...(derived.length === 0 ? {} : { __automatic: derived }),
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...(urn === undefined ? {} : { __urn: urn }),
  } as Inputs);
}

/** What was derived once stays what it is. */
function derivedField(
  field: string,
  urn: string | undefined,
  olds: Properties | undefined,
  key: unknown,
): unknown {
  const isKept = (olds?.__automatic as readonly string[] | undefined)?.includes(field) ?? false;
  if (isKept && !isUnknown(olds?.[field])) return olds?.[field];
  // An automatic key that is not known yet makes this one as unknown.
  return isUnknown(key) ? key : derivedFrom(urn ?? "", key as string | undefined);
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
    // Without a login, or where the kind is not offered, nothing else would work either.
    const way =
      error.path.startsWith("/oauth/") || isNotFound(error)
        ? ""
        : ' To go on without, set genesyscloud:validateReferences to "warn" or "off".';
    const reason = `${kind.references} could not be looked up: ${error.message}${way}`;
    return [{ path: "", reason }];
  }
}
