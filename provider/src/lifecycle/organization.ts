/** The organisation's id: the partner event source in AWS is named after it, and by it organisations are told apart. */
import { z } from "zod";
import { anId, inShape, malformed } from "../genesys/body.js";
import type { GenesysClient } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import type { StepBudget } from "../genesys/retry.js";

const ORGANIZATION = "/api/v2/organizations/me";

/** By what asks for it: once a run. */
const organizations = new WeakMap<GenesysClient, Promise<string>>();
const answered = new WeakMap<GenesysClient, string>();

/** @throws GenesysError where it cannot be had; the next call asks again. */
export async function organizationId(client: GenesysClient, budget: StepBudget): Promise<string> {
  const known = organizations.get(client) ?? askForOrganization(client, budget);
  organizations.set(client, known);
  return known.catch((error: unknown) => {
    organizations.delete(client);
    throw error;
  });
}

/** The id, where this process has asked for it already. */
export const knownOrganization = (client: GenesysClient): string | undefined => answered.get(client);

/** The id; `undefined` where it cannot be had. @throws GenesysError where the run is to stop: that tells nothing of it */
export async function organizationIfTold(
  client: GenesysClient,
  budget: StepBudget,
): Promise<string | undefined> {
  return organizationId(client, budget).catch((error: unknown) => {
    if (error instanceof GenesysError && !budget.signal.aborted) return undefined;
    throw error;
  });
}

async function askForOrganization(client: GenesysClient, budget: StepBudget): Promise<string> {
  const request = { method: "GET", path: ORGANIZATION } as const;
  const { body } = await client.send(request, budget);
  const { id } = inShape(z.object({ id: anId }), body, request);
  if (id === undefined) throw malformed(request, "the answer bears no id of the organisation");
  answered.set(client, id);
  return id;
}
