/** The kind `EventBridgeIntegration`: what the lifecycle has to know of it. */
import { createHash } from "node:crypto";
import { resourceName } from "../lifecycle/autoKey.js";
import type { Kind } from "../lifecycle/kind.js";
import { sayName } from "../lifecycle/messages.js";
import { organizationId } from "../lifecycle/organization.js";
import { inStates } from "../stub.js";
import { isUnknown } from "../unknown.js";
import { INTEGRATION_ACCESS, TYPE_INSTALLED } from "./access.js";
import { integrationApi } from "./api.js";
import { DEFAULTS, LIMITS } from "./args.js";
import { FIELDS, REPLACING_FIELDS, TYPE_ID } from "./model.js";
import { draw } from "./picture.js";
import { inPrograms } from "./program.js";
import { checkReferences, refersElsewhere } from "./references.js";
import { parseInputs } from "./schema.js";
import { configBody, inOneOrder, organizationIdIn, partnerNameOf } from "./wire.js";

/** An integration of the type `amazon-eventbridge-source`. */
export const INTEGRATION: Kind = {
  ...inStates(inPrograms.className),
  label: "EventBridge integration",
  noun: "integration",
  idOutput: "integrationId",
  secrets: ["webhookUrl", "__asked", "__carried"],
  fields: FIELDS,
  replacing: REPLACING_FIELDS,
  // A POST carries a name and a type.
  notPosted: FIELDS,
  key: {
    field: "eventSourceSuffix",
    longest: LIMITS.suffixLength,
    fit: (text) => text.replaceAll(/[^A-Za-z0-9._-]/g, "-"),
  },
  alsoDerived: ["name"],
  token: (urn) => `${resourceName(urn).slice(0, 200)} [${hashOf(urn)}]`,
  statusOutput: "reportedState",
  settles: "in its own time",
  isKeyTaken: ({ status, fields, said }) =>
    (status === 400 || status === 409) &&
    (fields.some((field) => field.endsWith("eventSourceSuffix")) || /suffix/i.test(said)) &&
    /(in use|taken|unique|exists?)/i.test(said),
  access: INTEGRATION_ACCESS,
  setUp: TYPE_INSTALLED,
  timeouts: DEFAULTS.timeouts,
  ownWords: new Set([
    ...["name", "notes", "integration", "type", "properties", "advanced", "credentials", "version"],
    ...["enabled", "disabled", "active", "inactive", "error", "true", "false", "null", TYPE_ID],
  ]),
  parse: parseInputs,
  complete: (inputs) => {
    const { eventFilter } = inputs;
    const isKnown = Array.isArray(eventFilter) && !eventFilter.some(isUnknown);
    return isKnown ? { ...inputs, eventFilter: inOneOrder(eventFilter as string[]) } : inputs;
  },
  references: "topics",
  foretold: {
    fields: ["partnerEventSourceName"],
    tell: async (suffix, client, budget) => ({
      partnerEventSourceName: partnerNameOf(await organizationId(client, budget), suffix),
    }),
  },
  organizationIn: ({ partnerEventSourceName: name }) => organizationIdIn(name),
  refersElsewhere,
  checkReferences,
  sent: (fields) => configBody(fields, undefined),
  standing: ({ outputs, said }, wanted) => {
    const code = outputs.reportedState;
    if ((outputs.intendedState === "ENABLED") !== wanted.enabled) return "asked otherwise";
    if (wanted.enabled && code === "ERROR")
      return {
        failed: `${sayName(INTEGRATION, wanted)} is in ERROR: ${said ?? "the platform gives no reason"}.`,
      };
    const isReached = wanted.enabled ? code === "ACTIVE" : code === "INACTIVE" || code === "ERROR";
    return isReached ? "reached" : "on its way";
  },
  notReached: ({ fields, outputs }, wanted) => {
    const [is, not] = wanted.enabled ? ["disabled", "enabled"] : ["enabled", "disabled"];
    if (fields.enabled !== wanted.enabled)
      return `${sayName(INTEGRATION, wanted)} is ${is} and not ${not} in time: reads lag behind, somebody has done that outside of Pulumi, or what was sent was not carried out. Run "pulumi refresh" to see how it is, and "pulumi up" to have it as the program asks.`;
    return `${sayName(INTEGRATION, wanted)} is ${outputs.reportedState === "" ? "in no state that it tells" : outputs.reportedState} and not ${wanted.enabled ? "ACTIVE" : "INACTIVE"} in time. Look whether the AWS account and its region are right, and whether an event bus is associated with the partner event source there.`;
  },
  api: integrationApi,
  inPrograms,
  draw,
};

/** As many digits as Pulumi's automatic names have. */
const hashOf = (urn: string): string => createHash("sha256").update(urn).digest("hex").slice(0, 7);
