/** An organisation with integrations, and runs of a provider on it: the real SDK over real HTTP. */
import { startSandbox } from "genesyscloud-sandbox";
import { onTestFinished } from "vitest";
import { INTEGRATION } from "../../provider/src/eventBridgeIntegration/kind.js";
import { journalHook } from "../../provider/src/hooks/journalHook.js";
import { withHooks } from "../../provider/src/hooks/withHooks.js";
import { createHandler } from "../../provider/src/lifecycle/handler.js";
import type { Inputs, State } from "../../provider/src/lifecycle/inputs.js";
import type { Context } from "../../provider/src/resourceHandler.js";
import { beginStep } from "../../provider/src/step.js";
import { controlPlaneOf } from "../support/controlPlane.js";
import { done, fakeContext } from "../unit/provider/support/context.js";
import { clientOf } from "./support.js";

export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/genesyscloud:EventBridgeIntegration::voice";
export const ARGS = {
  awsAccountId: "012345678901",
  awsAccountRegion: "eu-central-1",
  eventFilter: ["v2.users.{id}.presence", "v2.conversations.{id}.transcription"],
};

/**
 * An organisation, and runs of a provider: each has a client of its own, the journal is the machine's.
 *
 * @param pace how much faster the runs' clock goes: half a minute is long.
 */
export async function world(variants: object = {}, settings: object = {}, pace = 1) {
  const sandbox = await startSandbox({ control: true });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  await control("PATCH", "variants", variants);
  await control("PATCH", "settings", settings);
  const { journal } = fakeContext().context;
  const begun = Date.now();
  const now = () => begun + (Date.now() - begun) * pace;
  /** What the stacks of all runs hold. */
  const held = new Set<string>();
  const run = (more: Partial<Context["stack"]> = {}) => {
    const { context: given, lines } = fakeContext();
    const stack = { ...given.stack, lookUpId: async (_: string, id: string) => held.has(id), ...more };
    const context: Context = { ...given, client: clientOf(sandbox.url), journal, stack, now };
    const handler = withHooks(createHandler(INTEGRATION), [journalHook]);
    const checked = async (args: object = {}, olds?: State): Promise<Inputs> => {
      const result = await handler.check(context, olds, { ...ARGS, ...args, __urn: URN });
      if ("problems" in result) throw new Error(JSON.stringify(result.problems));
      return result.inputs;
    };
    const create = async (args: object = {}) => done(handler.create(context, await checked(args)));
    return { context, lines, handler, checked, create };
  };
  /** Calls since the last look, such as `POST /api/v2/integrations`. */
  const calls = async (): Promise<string[]> => {
    const requests: { method: string; path: string }[] = await control("GET", "requests");
    await control("DELETE", "requests");
    return requests
      .filter(({ path }) => path.startsWith("/api/"))
      .map(({ method, path }) => `${method} ${path.split("?")[0]?.replace(/[0-9a-f-]{36}/, "{id}")}`);
  };
  const integrations = async (): Promise<{ id: string; name: string }[]> =>
    (await control("GET", "state")).integrations;
  return { control, run, calls, integrations, held };
}

/** Calls as `calls` names them. */
export const [LIST, POST, PUT, PATCH] = [
  "GET /api/v2/integrations",
  "POST /api/v2/integrations",
  "PUT /api/v2/integrations/{id}/config/current",
  "PATCH /api/v2/integrations/{id}",
];

/** Deletes an integration without the provider's knowing. */
export async function deleteBySomebody(context: Context, integrationId: string): Promise<void> {
  const path = "/api/v2/integrations/{integrationId}";
  const request = { method: "DELETE", path, pathParams: { integrationId } } as const;
  await context.client.send(request, beginStep(context, "1m").budget);
}
