/** An organisation that does not offer a kind, or no longer: nothing is taken for gone, and the other kind is named. */
import { setMaxListeners } from "node:events";
import { startSandbox } from "genesyscloud-sandbox";
import { expect, onTestFinished, test } from "vitest";
import { ACCESS, KINDS } from "../../provider/src/kinds.js";
import { createHandler } from "../../provider/src/lifecycle/handler.js";
import type { Inputs, State } from "../../provider/src/lifecycle/inputs.js";
import type { Kind } from "../../provider/src/lifecycle/kind.js";
import { controlPlaneOf } from "../support/controlPlane.js";
import { done, fakeContext } from "../unit/provider/support/context.js";
import { clientOf } from "./support.js";

const ARGS: Record<string, object> = {
  source: { eventTopicId: "topic-conversation-start", targets: [{ targetId: "target-crm" }] },
  integration: {
    awsAccountId: "012345678901",
    awsAccountRegion: "eu-central-1",
    eventFilter: ["v2.users.{id}.presence"],
  },
};
const OTHER: Record<string, string> = { source: "integrations", integration: "eventbridge" };

/** An organisation with one object, and a step in a process that comes later. */
async function world(kind: Kind) {
  const sandbox = await startSandbox({ control: true, jobDurationMs: 0 });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  const handler = createHandler(kind);
  const contextOf = () => ({ ...fakeContext().context, client: clientOf(sandbox.url, { access: ACCESS }) });
  const inputsOf = async (context = contextOf()): Promise<Inputs> => {
    const checked = await handler.check(context, undefined, {
      ...ARGS[kind.noun],
      __urn: `urn:pulumi:dev::shop::${kind.type}::one`,
    });
    if ("problems" in checked) throw new Error(checked.problems.map(({ reason }) => reason).join());
    return checked.inputs;
  };
  /** Of what was just made "not found" may mean "not yet", and is waited for. */
  const madeLongAgo = async (): Promise<{ id: string; state: State }> => {
    const { id, state } = await done(handler.create(contextOf(), await inputsOf()));
    const { __madeAt: _, ...rest } = state;
    return { id, state: rest as State };
  };
  return { control, handler, contextOf, inputsOf, madeLongAgo };
}

test.each(KINDS)(
  "$label: a read and a deletion keep it in the state, and say what is offered",
  async (kind) => {
    const { control, handler, contextOf, madeLongAgo } = await world(kind);
    const { id, state } = await madeLongAgo();
    await control("PATCH", "settings", { offers: OTHER[kind.noun] });
    const says = /This organisation does not offer .* use EventBridge/;
    await expect(handler.read(contextOf(), id, state)).rejects.toThrow(says);
    await expect(handler.delete(contextOf(), id, state)).rejects.toThrow(says);

    await control("PATCH", "settings", { offers: "both" });
    expect(await handler.read(contextOf(), id, state)).toMatchObject({ id });
  },
);

test.each(KINDS)("$label: a program that declares one is told which resource to use", async (kind) => {
  const { control, handler, contextOf, inputsOf } = await world(kind);
  await control("PATCH", "settings", { offers: OTHER[kind.noun] });
  const other = KINDS.find((each) => each !== kind);
  const use = `use ${other?.inPrograms.className}`;
  await expect(inputsOf()).rejects.toThrow(use);
  await expect(inputsOf()).rejects.not.toThrow("validateReferences");
  // Where nothing is looked up before, the POST says it.
  const { settings, ...rest } = contextOf();
  const unlooked = { ...rest, settings: { ...settings, validateReferences: "off" as const } };
  await expect(handler.create(unlooked, await inputsOf(unlooked))).rejects.toThrow(use);
});

test.each(KINDS)("$label: a hundred that are gone cost two looks at the list at the most", async (kind) => {
  const { control, handler, contextOf, madeLongAgo } = await world(kind);
  const { id, state } = await madeLongAgo();
  const list = (await control("GET", "state"))[`${kind.noun}s`];
  expect(list).toHaveLength(1);
  await control("DELETE", `${kind.noun}s/${id}`);
  await control("DELETE", "requests");
  const context = contextOf();
  setMaxListeners(0, context.signal);
  const reads = await Promise.all(Array.from({ length: 100 }, () => handler.read(context, id, state)));
  expect(reads.every((read) => read === undefined)).toBe(true);
  const requests: { method: string; path: string }[] = await control("GET", "requests");
  expect(requests.filter(({ path }) => path.includes("pageSize=")).length).toBeLessThanOrEqual(2);
});
