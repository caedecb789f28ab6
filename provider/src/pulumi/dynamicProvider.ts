import type { dynamic } from "@pulumi/pulumi";
import { PartialStepError, type Problem, type ResourceHandler } from "../resourceHandler.js";
import { secretsIn, secretsOf, withoutSecrets } from "../secrets.js";
import { plainObject } from "./plainObject.js";
import { markSecrets } from "./secret.js";
import type { Session } from "./session.js";
import { IMPORT_KEY, ORGANIZATION_KEY, STUB_KEY } from "./stub.js";
import { UNKNOWN } from "./unknown.js";

type Properties = Record<string, unknown>;

/** A dynamic provider that serves a resource handler: everything the engine insists on happens here. */
export function dynamicProvider<Inputs extends object, State extends object>(
  handler: ResourceHandler<Inputs, State>,
  { context, configure, steps }: Session,
): Required<dynamic.ResourceProvider> {
  const outgoing = (properties: object) => markSecrets(plainObject(properties), handler.secrets);

  return {
    // The engine caches a provider before its configuration has arrived and never configures it again, so
    // this neither waits nor throws.
    configure: async ({ config }) => configure(config),

    check: (olds, { [ORGANIZATION_KEY]: organization, ...news }) =>
      speaking(async () => {
        if (typeof organization === "string") context.stack.belongsTo(organization);
        const before = Object.keys(olds ?? {}).length === 0 ? undefined : withoutOwnKeys(olds);
        const wanted = before === undefined ? withoutStub(news) : withoutOwnKeys(news);
        const checked = await handler.check(context, before as Partial<Inputs>, wanted);
        if ("problems" in checked) return { failures: checked.problems.map(toFailure) };
        // In the stack already: whether the option import stays, goes or changes is no difference then.
        const kept = olds?.[IMPORT_KEY] === undefined ? {} : { [IMPORT_KEY]: olds[IMPORT_KEY] };
        return { inputs: { ...outgoing(checked.inputs), ...kept, [STUB_KEY]: news[STUB_KEY] } };
      }),

    diff: (id, olds, news) =>
      speaking(async () => {
        const [state, wanted] = [withoutOwnKeys(olds) as State, withoutOwnKeys(news) as Inputs];
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
      speaking(async () => {
        const wanted = withoutStub(inputs) as Inputs;
        const { id, state } = await underWay("create", wanted, () => handler.create(context, wanted));
        return { id, outs: outgoing(state) };
      }, [inputs]),

    read: (id, properties = {}) =>
      speaking(async () => {
        const known = withoutOwnKeys(properties);
        const isGet = !handler.isState(known);
        const found = await handler.read(context, id, isGet ? undefined : (known as State));
        if (found !== undefined)
          return { id: found.id, props: outgoing(found.state), inputs: outgoing(found.inputs) };
        // An answer without an id makes the engine forget the resource; a get would return undefined outputs.
        if (isGet) throw new Error(`There is no ${handler.kind} with the id "${id}".`);
        return {};
      }, [properties]),

    update: (id, olds, news) =>
      speaking(
        async () => {
          const [before, wanted] = [withoutOwnKeys(olds) as State, withoutOwnKeys(news) as Inputs];
          const state = await underWay("update", wanted, () => handler.update(context, id, before, wanted));
          return { outs: outgoing(state) };
        },
        [olds, news],
        id,
      ),

    delete: (id, properties) =>
      speaking(async () => {
        const state = withoutOwnKeys(properties) as State;
        await underWay("delete", state, () => handler.delete(context, id, state));
      }, [properties]),
  };

  /** A step that must not be lost sight of when the process has to end. */
  function underWay<T>(operation: string, about: Inputs | State, step: () => Promise<T>): Promise<T> {
    return steps.run(`${operation} of ${JSON.stringify(handler.summary(about).name)}`, step);
  }

  /**
   * Lets only errors out that the engine shows well: a message without a stack, and the fields of a partial
   * failure only where it is one. Throwing anything else can print internals, or hang the run.
   *
   * @param about what the step is about: its secrets must not be shown, and a partial state bears the last one's stub.
   * @param id the id that an update must not change.
   */
  async function speaking<T>(
    step: () => Promise<T>,
    about: readonly Properties[] = [],
    id?: string,
  ): Promise<T> {
    try {
      return await step();
    } catch (error) {
      const known = error instanceof PartialStepError ? [...about, error.state] : about;
      const secrets = [...secretsIn(handler.secrets, ...known), ...secretsOfSettings()];
      const hide = (text: string) => withoutSecrets(text, secrets);
      const message = hide(error instanceof Error ? error.message : String(error));
      const shown = Object.assign(new Error(message), { stack: "" });
      if (!(error instanceof PartialStepError)) throw shown;
      const state = outgoing({ ...error.state, __unfinished: hide(error.unfinished) });
      const properties = { ...state, [STUB_KEY]: about.at(-1)?.[STUB_KEY] ?? UNKNOWN };
      throw Object.assign(shown, { id: id ?? error.id, properties, reasons: [message] });
    }
  }

  /** None where the settings are not usable: then that is what the error says, and it names no secret. */
  function secretsOfSettings(): string[] {
    try {
      return secretsOf(context.settings);
    } catch {
      return [];
    }
  }
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
const toFailure = ({ path, reason }: Problem) => ({
  property: "",
  reason: path === "" ? reason : `${path}: ${reason}`,
});
