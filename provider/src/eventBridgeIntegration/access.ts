/** What the calls on integrations take, from the published reference of the platform's public API. */
import { z } from "zod";
import type { AccessRule } from "../genesys/access.js";
import { aText, inShape, malformed } from "../genesys/body.js";
import { isNotFound } from "../genesys/errors.js";
import type { SetUp } from "../lifecycle/setUp.js";
import { TYPE_ID } from "./model.js";

const RULE = {
  word: "permission",
  where: "a role of the OAuth client, under Genesys Cloud Admin > People & Permissions > Roles / Permissions",
  absent:
    "This organisation does not offer the public API of integrations: use EventBridgeSource, if it has the EventBridge API.",
} as const;

export const INTEGRATION_ACCESS: readonly AccessRule[] = [
  {
    path: "/api/v2/integrations",
    read: "integrations:integration:view",
    write: ["add", "edit", "delete"].map((action) => `integrations:integration:${action}`),
    ...RULE,
  },
  { path: "/api/v2/notifications/availabletopics", ...RULE },
  { path: "/api/v2/organizations/me", ...RULE },
];

const TYPE = "/api/v2/integrations/types/{typeId}";

const TYPE_SHAPE = z.object({ id: aText, nonInstallable: z.unknown().optional() });

/** That an organisation lacks the type, or cannot install it, is told so as far as anybody knows: nothing says it. */
export const TYPE_INSTALLED: SetUp = {
  check: `integration type ${TYPE_ID}`,
  look: async (client, budget) => {
    const request = { method: "GET", path: TYPE, pathParams: { typeId: TYPE_ID } } as const;
    try {
      const { body } = await client.send(request, budget);
      const { id, nonInstallable } = inShape(TYPE_SHAPE, body, request);
      if (id === undefined) throw malformed(request, "the answer is no integration type");
      if (nonInstallable !== true) return { ok: "installed" };
      return { doubt: `the platform says that it cannot be installed here: ${INSTALL}` };
    } catch (error) {
      if (isNotFound(error)) return { wrong: `not installed: ${INSTALL}` };
      throw error;
    }
  },
};

const INSTALL =
  'install "Amazon EventBridge Source" from Genesys AppFoundry, under Genesys Cloud Admin > Integrations';
