/** What the stub in a stack's state loads, in the provider process. The names of its exports are a permanent contract. */
import { createIntegrationHandler } from "./eventBridgeIntegration/kind.js";
import { createSourceHandler } from "./eventBridgeSource/kind.js";
import { withConfiguredAddress } from "./hooks/webhook/configuredAddress.js";
import { withHooks } from "./hooks/withHooks.js";
import { KINDS } from "./kinds.js";
import { lifecycleHooks } from "./lifecycleHooks.js";
import { dynamicProvider } from "./pulumi/dynamicProvider.js";
import { createSession } from "./pulumi/session.js";

const session = createSession(process.env, KINDS);

/** One log, one outbox and one journal, whatever the kind. */
const hooks = lifecycleHooks();

/** Serves `EventBridgeSource`. */
export const eventBridgeSource = dynamicProvider(
  withConfiguredAddress(withHooks(createSourceHandler(), hooks)),
  session,
);

/** Serves `EventBridgeIntegration`. */
export const eventBridgeIntegration = dynamicProvider(
  withConfiguredAddress(withHooks(createIntegrationHandler(), hooks)),
  session,
);
