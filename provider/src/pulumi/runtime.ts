/** What the stub in a stack's state loads, in the provider process. The names of its exports are a permanent contract. */
import { createSourceHandler } from "../eventBridgeSource/handler.js";
import { type LifecycleHook, withHooks } from "../hooks/withHooks.js";
import { dynamicProvider } from "./dynamicProvider.js";
import { createSession } from "./session.js";

/** What happens around every create, update and delete. */
const HOOKS: readonly LifecycleHook[] = [];

const session = createSession(process.env);

/** Serves `EventBridgeSource`. */
export const eventBridgeSource = dynamicProvider(
  withHooks(createSourceHandler(), HOOKS),
  session.context,
  session.configure,
);
