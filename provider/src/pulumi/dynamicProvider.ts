/** A resource handler as the dynamic provider that the engine calls. */
import type { dynamic } from "@pulumi/pulumi";
import { LONGEST } from "../limits.js";
import { type Hide, hiding } from "../masking.js";
import { messageOf } from "../messageOf.js";
import { printable } from "../printable.js";
import type { Context, Log, Made, Problem, ResourceHandler, Unfinished } from "../resourceHandler.js";
import { asHidden, hidingSecrets, secretsIn, secretsOfContext } from "../secrets.js";
import { SettingsError } from "../settings.js";
import { IMPORT_KEY, ORGANIZATION_KEY, STUB_KEY } from "../stub.js";
import { UNKNOWN } from "../unknown.js";
import { plainObject } from "./plainObject.js";
import { markSecrets } from "./secret.js";
import type { Session } from "./session.js";

type Properties = Record<string, unknown>;

/** A dynamic provider that serves a resource handler: everything the engine insists on happens here. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure in the place of a class; each of its methods is short, and they share what stands at its top
export function dynamicProvider<Inputs extends object, State extends object>(
  handler: ResourceHandler<Inputs, State>,
  { context: session, configure, steps }: Session,
): Required<dynamic.ResourceProvider> {
  const outgoing = (properties: object) => markSecrets(plainObject(properties), handler.secrets);

  return {
    // The engine caches a provider before its configuration has arrived and never configures it again, so
    // this neither waits nor throws.
    configure: async ({ config }) => configure(config),

    check: (given, { [ORGANIZATION_KEY]: organization, ...news }) => {
      const olds = given ?? {};
      return speaking([olds, news], async (context, hide) => {
        if (typeof organization === "string") context.stack.belongsTo(organization);
        const before = Object.keys(olds).length === 0 ? undefined : withoutOwnKeys(olds);
        const wanted = before === undefined ? withoutStub(news) : withoutOwnKeys(news);
        const checked = await handler.check(context, before as Partial<Inputs>, wanted);
        if ("problems" in checked)
          return { failures: checked.problems.map((problem) => toFailure(problem, hide)) };
        // In the stack already: whether the option import stays, goes or changes is no difference then.
        const kept = IMPORT_KEY in olds ? { [IMPORT_KEY]: olds[IMPORT_KEY] } : {};
        return { inputs: { ...outgoing(checked.inputs), ...kept, [STUB_KEY]: news[STUB_KEY] } };
      });
    },

    diff: (id, olds, news) =>
      speaking([olds, news], async (context) => {
        const [state, wanted] = [withoutOwnKeys(olds) as State, withoutOwnKeys(news) as Inputs];
        await handler.insistOnOrganization?.(context, { id, state });
        const difference = handler.diff(state, wanted);
        const isReplaced = difference.replaces.length > 0;
        await handler.inState?.(context, { id, state, urn: handler.summary(wanted).urn, isReplaced });
        // An old stub has to be replaced while it still loads; an update stores the new one in the outputs.
        const update = difference.unfinished || olds[STUB_KEY] !== news[STUB_KEY];
        return {
          // With undefined the engine finds the differing inputs itself, and shows exactly those.
          changes: update ? true : difference.inputs ? undefined : false,
          replaces: difference.replaces,
          deleteBeforeReplace: difference.deleteBeforeReplace,
        };
      }),

    create: (inputs) =>
      making([inputs], (context) => {
        const wanted = withoutStub(inputs) as Inputs;
        return underWay("create", wanted, () => handler.create(context, wanted));
      }),

    read: (id, properties = {}) =>
      speaking([properties], async (context) => {
        const known = withoutOwnKeys(properties);
        const isGet = !handler.isState(known);
        const found = await handler.read(context, id, isGet ? undefined : (known as State));
        if (found !== undefined)
          return { id: found.id, props: outgoing(found.state), inputs: outgoing(found.inputs) };
        // An answer without an id makes the engine forget the resource; a get would return undefined outputs.
        if (isGet) throw new Error(`There is no ${handler.kind} with the id "${id}".`);
        return {};
      }),

    update: async (id, olds, news) => {
      const { outs } = await making([olds, news], async (context) => {
        const [before, wanted] = [withoutOwnKeys(olds) as State, withoutOwnKeys(news) as Inputs];
        const made = await underWay("update", wanted, () => handler.update(context, id, before, wanted));
        return { ...made, id };
      });
      return { outs };
    },

    delete: (id, properties) =>
      speaking([properties], async (context) => {
        const state = withoutOwnKeys(properties) as State;
        await underWay("delete", state, () => handler.delete(context, id, state));
      }),
  };

  /** A step that must not be lost sight of when the process has to end. */
  function underWay<T>(operation: string, about: Inputs | State, step: () => Promise<T>): Promise<T> {
    const name = printable(JSON.stringify(handler.summary(about).name), LONGEST.shown);
    return steps.run(`${operation} of ${name}`, step);
  }

  /**
   * A create or an update. What got part of the way the engine takes as an error alone, which bears what is to be kept.
   *
   * @param about what the step is about: what is kept of it bears the last one's stub.
   */
  async function making(
    about: readonly Properties[],
    step: (context: Context) => Promise<Made<State>>,
  ): Promise<{ id: string; outs: Properties }> {
    const { id, outs, state, unfinished } = await speaking(about, async (context) => {
      const made = await step(context);
      return { ...made, outs: outgoing(made.state) };
    });
    if (unfinished === undefined) return { id, outs };
    throw partialFailure(unfinished, { id, outs }, [...about, state as Properties], about.at(-1)?.[STUB_KEY]);
  }

  /**
   * Lets only errors out that the engine shows well: a message without a stack, and nothing else. Throwing anything
   * else can print internals, or hang the run.
   *
   * @param about what the step is about: its secrets must not be shown.
   */
  async function speaking<T>(
    about: readonly Properties[],
    step: (context: Context, hide: Hide) => Promise<T>,
  ): Promise<T> {
    const hide = hidingSecrets(() => secretsAmong(about));
    try {
      return await step(discreet(about, hide), hide);
    } catch (error) {
      throw failureWith(error, hide);
    }
  }

  function secretsAmong(about: readonly Properties[]): string[] {
    return [...secretsIn(handler.secrets, ...about), ...secretsOfContext(session)];
  }

  /** The context of a step: what it is about is neither in its log nor in what it tells of the platform's words. */
  function discreet(about: readonly Properties[], hide: Hide): Context {
    const sent = () => about.flatMap((each) => handler.valuesSent?.(each) ?? []);
    const log = (urn?: string): Log => {
      const { info, warn, status } = session.log(urn);
      return {
        info: (message) => info(hide(message)),
        warn: (message) => warn(hide(message)),
        status: (message) => status(hide(message)),
      };
    };
    return Object.create(session, {
      log: { value: log },
      hide: { value: hiding(() => [...asHidden(secretsAmong(about)), ...sent()]) },
    });
  }

  /** The error that makes the engine keep what there is. Never throws: that must reach it, whatever else there is. */
  function partialFailure(
    { error, why }: Unfinished,
    { id, outs }: { id: string; outs: Properties },
    known: readonly Properties[],
    programStub: unknown,
  ): Error {
    const hide = hidingSecrets(() => secretsAmong(known));
    const failure = failureWith(error, hide);
    const properties = { ...outs, __unfinished: printable(hide(why)), [STUB_KEY]: programStub ?? UNKNOWN };
    return Object.assign(failure, { id, properties, reasons: [failure.message] });
  }
}

/** An error as the engine shows it well. Never throws. */
function failureWith(error: unknown, hide: Hide): Error {
  // Of the settings every problem has a line; everything else is one, whatever was written into it.
  const lines = error instanceof SettingsError ? error.problems : [messageOf(error)];
  const message = lines.map((line) => printable(hide(line))).join("\n");
  return Object.assign(new Error(message), { stack: "" });
}

function withoutStub(properties: Properties): Properties {
  const { [STUB_KEY]: _, ...rest } = properties;
  return rest;
}

/** The properties of something that is in the stack: how it came there is none of a handler's business any more. */
function withoutOwnKeys(properties: Properties): Properties {
  const { [IMPORT_KEY]: _, ...rest } = withoutStub(properties);
  return rest;
}

/** The engine prints the value of a failure's property, secrets in clear: the path goes into the reason. */
const toFailure = ({ path, reason }: Problem, hide: Hide) => ({
  property: "",
  reason: printable(hide(path === "" ? reason : `${path}: ${reason}`)),
});
