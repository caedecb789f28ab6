/** What the stub in a stack's state loads, in the provider process. The names of its exports are a permanent contract. */
import { INTEGRATION } from "./eventBridgeIntegration/kind.js";
import { SOURCE } from "./eventBridgeSource/kind.js";
import { withConfiguredAddress } from "./hooks/webhook/configuredAddress.js";
import { withHooks } from "./hooks/withHooks.js";
import { KINDS } from "./kinds.js";
import { createHandler } from "./lifecycle/handler.js";
import type { Kind } from "./lifecycle/kind.js";
import { lifecycleHooks } from "./lifecycleHooks.js";
import { dynamicProvider } from "./pulumi/dynamicProvider.js";
import { createSession } from "./pulumi/session.js";

const session = createSession(process.env, KINDS);

/** One log, one outbox and one journal, whatever the kind. */
const hooks = lifecycleHooks();

const served = (kind: Kind) =>
  dynamicProvider(withConfiguredAddress(withHooks(createHandler(kind), hooks)), session);

/** Serves `EventBridgeSource`. */
export const eventBridgeSource = served(SOURCE);

/** Serves `EventBridgeIntegration`. */
export const eventBridgeIntegration = served(INTEGRATION);
