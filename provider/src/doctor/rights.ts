/** What the platform says that the OAuth client may do: the scopes of its token and the permissions of its roles. */
import { z } from "zod";
import type { RightWord } from "../genesys/access.js";
import { aList, inShape } from "../genesys/body.js";
import type { GenesysClient } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import type { StepBudget } from "../genesys/retry.js";

/** Whether a right is granted; `undefined` where the platform does not tell. */
export type Rights = (word: RightWord, name: string) => boolean | undefined;

/** A part that the answer leaves out counts for nothing. */
const aPart = z.string().optional().catch(undefined);
const TOKEN = z.object({ authorizedScope: aList(z.string()) });
const SUBJECT = z.object({
  grants: aList(
    z.object({
      role: z
        .object({
          policies: aList(z.object({ domain: aPart, entityName: aPart, actions: aList(z.string()) })),
        })
        .nullish(),
    }),
  ),
});

/** Two calls, which take no rights of their own. */
export async function readRights(client: GenesysClient, budget: StepBudget): Promise<Rights> {
  const ask = async <Shape extends z.ZodType>(path: string, shape: Shape) => {
    const request = { method: "GET", path } as const;
    try {
      return inShape(shape, (await client.send(request, budget)).body, request);
    } catch (error) {
      if (error instanceof GenesysError) return undefined;
      throw error;
    }
  };
  const [token, subject] = await Promise.all([
    ask("/api/v2/tokens/me", TOKEN),
    ask("/api/v2/authorization/subjects/me", SUBJECT),
  ]);
  const scopes = token?.authorizedScope;
  const policies = subject?.grants?.flatMap(({ role }) => role?.policies ?? []);
  return (word, name) =>
    word === "scope"
      ? scopes && scopes.length > 0 && scopes.includes(name)
      : policies?.some((policy) => isGrantedBy(policy, name));
}

interface Policy {
  domain?: string;
  entityName?: string;
  actions?: readonly string[] | null;
}

/** @param permission such as `integrations:integration:view`; a policy has a star where it grants all. */
function isGrantedBy({ domain, entityName, actions }: Policy, permission: string): boolean {
  const [wantedDomain, wantedEntity, action = ""] = permission.split(":");
  return (
    [wantedDomain, "*"].includes(domain) &&
    [wantedEntity, "*"].includes(entityName) &&
    [action, "*"].some((each) => actions?.includes(each))
  );
}
