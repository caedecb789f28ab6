import type { Context, ResourceHandler } from "../resourceHandler.js";

/** A lifecycle step about to be taken. */
export interface LifecycleStep {
  operation: "create" | "update" | "delete";
  /** Names the kind of resource, such as `EventBridge source`. */
  kind: string;
  /** The resource's id; absent before a create. */
  id?: string;
  /** What the program asks for; for a delete, the last state. */
  inputs: object;
}

/** How a step ended. */
export type Outcome = { id: string; state: object } | { error: unknown };

/** Something that happens around the steps of a resource, such as an audit record or a notice. */
export interface LifecycleHook {
  /** Runs before the API is changed; throwing keeps the step from being taken. */
  before?(context: Context, step: LifecycleStep): Promise<void>;
  /** Runs after success and after failure alike; must not throw for trouble of its own. */
  after?(context: Context, step: LifecycleStep, outcome: Outcome): Promise<void>;
}

/** A handler whose create, update and delete run inside the hooks, in the order of the list. */
export function withHooks<Inputs extends object, State extends object>(
  handler: ResourceHandler<Inputs, State>,
  hooks: readonly LifecycleHook[],
): ResourceHandler<Inputs, State> {
  async function around<T>(
    context: Context,
    step: LifecycleStep,
    take: () => Promise<T>,
    outcomeOf: (result: T) => Outcome,
  ): Promise<T> {
    for (const hook of hooks) await hook.before?.(context, step);
    let result: T;
    try {
      result = await take();
    } catch (error) {
      for (const hook of hooks) await hook.after?.(context, step, { error });
      throw error;
    }
    for (const hook of hooks) await hook.after?.(context, step, outcomeOf(result));
    return result;
  }

  const { kind } = handler;
  return {
    ...handler,
    create: (context, inputs) =>
      around(
        context,
        { operation: "create", kind, inputs },
        () => handler.create(context, inputs),
        (made) => made,
      ),
    update: (context, id, olds, news) =>
      around(
        context,
        { operation: "update", kind, id, inputs: news },
        () => handler.update(context, id, olds, news),
        (state) => ({ id, state }),
      ),
    delete: (context, id, state) =>
      around(
        context,
        { operation: "delete", kind, id, inputs: state },
        () => handler.delete(context, id, state),
        () => ({ id, state }),
      ),
  };
}
