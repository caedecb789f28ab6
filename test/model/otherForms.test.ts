/** Lives in which something else answers in the organisation's place: what is no answer of the API proves nothing. */
import type { FaultRule } from "genesyscloud-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Schedule } from "./schedule.js";
import type { IntegrationSpec } from "./subjects/integration.js";
import { type Lane, openLane } from "./support/lane.js";
import { AN_INTEGRATION, alien, amid, integrationMade, INTEGRATION_SPEC as SPEC } from "./support/stories.js";

let lane: Lane;
beforeAll(async () => {
  lane = await openLane();
});
afterAll(() => lane.close());

const objects = async () => (await lane.organisation.truth()).objects;

const made = (spec?: IntegrationSpec, variants?: Schedule["variants"]) =>
  integrationMade(lane, spec, variants);

test("an answer of another form does not pass for an empty configuration", async () => {
  const life = await made(SPEC, { expandConfig: "nowhere" });
  const padded: FaultRule = {
    match: { method: "GET", path: "/config/current$" },
    times: "always",
    action: { kind: "huge", bytes: 1_000, after: true },
  };
  expect((await life.operate("refresh", amid(padded))).ok).toBe(false);
  expect(life.stacks.state).toMatchObject([{ outputs: { awsAccountId: expect.stringMatching(/\d{12}/) } }]);
  expect(await life.operate("refresh")).toMatchObject({ ok: true });
});

test.each([
  ["an empty object", {}],
  ["no type", { id: undefined, intendedState: "ENABLED" }],
  ["no state", { integrationType: { id: "amazon-eventbridge-source" } }],
  ["another integration", { id: "other", integrationType: { id: "another" }, intendedState: "ENABLED" }],
])(
  "an answer that does not say that it is the integration is no proof that it is gone: %s",
  async (_, body) => {
    // No list answers for it.
    const life = await made(SPEC, { expandConfig: "nowhere" });
    await lane.clock.sleep(31_000);
    expect((await life.operate("refresh", amid(alien("GET", "/integrations/", body)))).ok).toBe(false);
    expect(life.stacks.state).toHaveLength(1);
    expect(await life.operate("refresh")).toMatchObject({ ok: true });
  },
);

test("a configuration in part does not pass for an empty one", async () => {
  const life = await made(SPEC, { expandConfig: "nowhere" });
  const [before] = life.stacks.state;
  const faults = alien("GET", "/config/current$", { name: "gateway", version: 9 });
  expect((await life.operate("refresh", amid(faults))).ok).toBe(false);
  expect(life.stacks.state).toEqual([before]);
});

test("a change that something else has answered is not taken for done", async () => {
  const life = await made();
  life.edit(AN_INTEGRATION, { ...SPEC, notes: "second" });
  const run = await life.operate("up", amid(alien("PUT", "/config/current$", {})));
  expect(run).toMatchObject({
    ok: false,
    steps: [{ error: expect.stringContaining("was answered as if it had gone through") }],
  });
  expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "update" }] });
  expect(await objects()).toMatchObject([{ fields: { notes: "second" } }]);
});
