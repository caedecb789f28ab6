/** The organisation's id: the partner event source in AWS is named after it. */
import { z } from "zod";
import { anId, inShape } from "../genesys/body.js";
import type { GenesysClient } from "../genesys/client.js";
import { GenesysError } from "../genesys/errors.js";
import type { StepBudget } from "../genesys/retry.js";

const ORGANIZATION = "/api/v2/organizations/me";

/** By what asks for it: once a run. */
const organizations = new WeakMap<GenesysClient, Promise<string>>();

/** @throws GenesysError where it cannot be had; the next call asks again. */
export async function organizationId(client: GenesysClient, budget: StepBudget): Promise<string> {
  const known = organizations.get(client) ?? askForOrganization(client, budget);
  organizations.set(client, known);
  return known.catch((error: unknown) => {
    organizations.delete(client);
    throw error;
  });
}

async function askForOrganization(client: GenesysClient, budget: StepBudget): Promise<string> {
  const request = { method: "GET", path: ORGANIZATION } as const;
  const { body } = await client.send(request, budget);
  const { id } = inShape(z.object({ id: anId }), body, request);
  if (id === undefined)
    throw new GenesysError({
      ...request,
      status: 200,
      code: "answer.malformed",
      message: "the answer bears no id of the organisation",
    });
  return id;
}
