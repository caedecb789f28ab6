/** How programs write an integration. */
import type { InPrograms } from "../lifecycle/inPrograms.js";
import { DEFAULTS } from "./args.js";

export const inPrograms: InPrograms = {
  className: "EventBridgeIntegration",
  args: ({ name, notes, awsAccountId, awsAccountRegion, eventSourceSuffix, eventFilter, enabled }) => ({
    name,
    ...(notes === DEFAULTS.notes ? {} : { notes }),
    awsAccountId,
    awsAccountRegion,
    eventSourceSuffix,
    eventFilter,
    ...(enabled === DEFAULTS.enabled ? {} : { enabled }),
  }),
  shared: { awsAccountId: "account" },
  platformWords: [],
};
