/** The hooks of a process, in their order. */
import { createAudit } from "./hooks/audit/auditHook.js";
import { journalHook } from "./hooks/journalHook.js";
import type { LifecycleHook } from "./hooks/lifecycle.js";
import { createWebhookHook } from "./hooks/webhook/webhookHook.js";

/**
 * What happens around every create, update and delete of a process. The notice is put into the outbox before the
 * outcome is in the audit log: of what the log tells, no notice can be lost. The journal comes last: until the step
 * returns, nobody but it knows what was made.
 */
export function lifecycleHooks(): LifecycleHook[] {
  const audit = createAudit();
  return [createWebhookHook(audit.head), audit.hook, journalHook];
}
