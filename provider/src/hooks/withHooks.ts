/** A handler whose steps hooks surround. The handler knows none of them. */
import { createHash } from "node:crypto";
import { LONGEST } from "../limits.js";
import { messageOf } from "../messageOf.js";
import { printable } from "../printable.js";
import type { Context, Made, ResourceHandler, Summary } from "../resourceHandler.js";
import { hidingSecrets, secretsIn, secretsOfContext } from "../secrets.js";
import type { LifecycleHook, LifecycleStep, Outcome } from "./lifecycle.js";
import { failureOf, leftBy } from "./outcome.js";

/** What a delete brings about. */
type Removed = "deleted" | "kept";

/**
 * A handler whose create, update and delete run inside the hooks, in the order of the list.
 *
 * Whatever a hook does, the step ends as it has ended: a hook that throws once the step is taken is one warning, keeps no
 * other hook from its work, and takes the place of neither the result nor the error.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure in the place of a class; each of its methods is short, and they share what stands at its top
export function withHooks<Inputs extends object, State extends object>(
  handler: ResourceHandler<Inputs, State>,
  hooks: readonly LifecycleHook[],
): ResourceHandler<Inputs, State> {
  const { kind } = handler;
  const summaryOf = (properties: object, id?: string) => handler.summary(properties as State, id);

  /** Takes a step inside the hooks. @param known the properties whose secrets must not be told. */
  async function around<Result extends Made<State> | Removed>(
    outer: Context,
    begun: Omit<LifecycleStep, "digest" | "kind">,
    known: object[],
    take: (context: Context) => Promise<Result>,
  ): Promise<Result> {
    const { auditHead, __auditLog: auditLog } = known[0] as { auditHead?: string; __auditLog?: string };
    const step: LifecycleStep = { kind, ...begun, digest: digestOf(known), auditHead, auditLog };
    const tally = { retryCount: 0 };
    const context: Context = Object.create(outer, { tally: { value: tally } });
    const startedAt = context.elapsed();
    const spent = () => ({ latencySeconds: (context.elapsed() - startedAt) / 1_000, ...tally });
    const failed = (error: unknown, kept?: Made<State>): Outcome => {
      const states = kept === undefined ? [] : [kept.state];
      const hide = hidingSecrets(() => [
        ...secretsIn(handler.secrets, ...known, ...states),
        ...secretsOfContext(context),
      ]);
      const failure = failureOf(error, hide);
      const about = orElse(() => leftBy(error, step.about, kept, summaryOf), step.about);
      return { about, finalStatus: kept === undefined ? "failed" : "unfinished", failure, ...spent() };
    };
    const ended = (result: Result): Outcome => {
      if (typeof result !== "string" && result.unfinished !== undefined)
        return failed(result.unfinished.error, result);
      const unread = { about: step.about, finalStatus: "unknown" };
      return { ...orElse(() => succeeded(result, step, summaryOf), unread), ...spent() };
    };

    await before(context, step, hooks, failed);
    let result: Result;
    try {
      result = await take(context);
    } catch (error) {
      const outcome = failed(error);
      await record(context, step, outcome, hooks);
      await after(context, step, outcome, hooks);
      throw error;
    }
    const outcome = ended(result);
    const outputs = await record(context, step, outcome, hooks);
    const why = await after(context, step, outcome, hooks);
    if (typeof result === "string") {
      if (why !== undefined) throw new Error(why);
      return result;
    }
    const made: Made<State> = { ...result, state: { ...result.state, ...outputs } };
    if (why !== undefined) made.unfinished ??= { error: new Error(why), why };
    return made as Result;
  }

  return {
    ...handler,
    inState: async (context, { id, state, urn, isReplaced }) => {
      for (const hook of hooks)
        await hook.inState?.(context, { ...handler.summary(state, id), urn }, isReplaced);
    },
    create: (context, inputs) =>
      around(context, { operation: "create", about: handler.summary(inputs) }, [inputs], (inner) =>
        handler.create(inner, inputs),
      ),
    update: async (context, id, olds, news) => {
      const about = { ...handler.summary(olds, id), webhookUrl: undefined, ...given(handler.summary(news)) };
      return around(context, { operation: "update", about }, [olds, news], (inner) =>
        handler.update(inner, id, olds, news),
      );
    },
    delete: (context, id, state) =>
      around(context, { operation: "delete", about: handler.summary(state, id) }, [state], (inner) =>
        handler.delete(inner, id, state),
      ),
  };
}

/** Where a later hook forbids the step, what an earlier one has begun is closed. */
async function before(
  context: Context,
  step: LifecycleStep,
  hooks: readonly LifecycleHook[],
  failed: (error: unknown) => Outcome,
): Promise<void> {
  for (const [index, hook] of hooks.entries()) {
    try {
      await hook.before?.(context, step);
    } catch (error) {
      const begun = hooks.slice(0, index).filter((each) => each.before !== undefined);
      await record(context, step, failed(error), begun);
      throw error;
    }
  }
}

async function record(
  context: Context,
  step: LifecycleStep,
  outcome: Outcome,
  hooks: readonly LifecycleHook[],
): Promise<object> {
  const outputs = {};
  for (const hook of hooks) {
    try {
      Object.assign(outputs, await hook.record?.(context, step, outcome));
    } catch (error) {
      warn(context, step, `its outcome could not be recorded everywhere (${messageOf(error)})`);
    }
  }
  return outputs;
}

async function after(
  context: Context,
  step: LifecycleStep,
  outcome: Outcome,
  hooks: readonly LifecycleHook[],
): Promise<string | undefined> {
  const reasons: string[] = [];
  for (const hook of hooks) {
    try {
      const reason = await hook.after?.(context, step, outcome);
      if (reason !== undefined) reasons.push(reason);
    } catch (error) {
      warn(context, step, `what follows it could not be done in full (${messageOf(error)})`);
    }
  }
  return reasons.length === 0 ? undefined : reasons.join(" ");
}

/** Says trouble behind a step, which ends as it has ended, said or not. */
function warn(context: Context, { operation, about }: LifecycleStep, trouble: string): void {
  try {
    context
      .log(about.urn)
      .warn(`this ${operation} has ended, but ${trouble}. What was done is done, and is in the state.`);
  } catch {
    // Nobody listens any more.
  }
}

/** What is told of a step must not keep it from ending: where a state cannot be made sense of, less is told. */
function orElse<T>(tell: () => T, less: T): T {
  try {
    return tell();
  } catch {
    return less;
  }
}

function succeeded(
  result: Made<object> | Removed,
  step: LifecycleStep,
  summaryOf: (properties: object, id?: string) => Summary,
): Pick<Outcome, "about" | "finalStatus"> {
  if (typeof result === "string") return { about: step.about, finalStatus: result };
  // As in a failure, who is told is what the step was asked for: the organisation may have another address.
  const about = { ...summaryOf(result.state, result.id), webhookUrl: step.about.webhookUrl };
  // The platform's own word, which can be any.
  return { about, finalStatus: printable(about.status ?? "unknown", LONGEST.word) };
}

const digestOf = (known: object[]): string =>
  createHash("sha256").update(JSON.stringify(known)).digest("hex");

/** The summary without what it does not know. */
const given = (summary: Summary): Partial<Summary> =>
  Object.fromEntries(Object.entries(summary).filter(([, value]) => value !== undefined));
