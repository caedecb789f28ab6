/** Lives in which a POST was sent twice, and has made two integrations: one is used, and the other one is found. */
import type { FaultRule } from "genesyscloud-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Life } from "./life.js";
import { CALM } from "./schedule.js";
import { type Lane, openLane } from "./support/lane.js";
import { AN_INTEGRATION, alien, amid, emptyLife, INTEGRATION_SPEC as SPEC } from "./support/stories.js";

let lane: Lane;
beforeAll(async () => {
  lane = await openLane();
});
afterAll(() => lane.close());

const objects = async () => (await lane.organisation.truth()).objects;

/** Two were made by one create, and the one that is used did not come to where it was to get to. */
async function withTwin(): Promise<Life> {
  const life = await emptyLife(lane, { variants: { listDelaySeconds: 15 } });
  life.edit(AN_INTEGRATION, { ...SPEC, impatient: true });
  const lost: FaultRule = {
    match: { method: "POST", path: "/integrations$" },
    action: { kind: "resetAfter" },
  };
  const states = [{ code: "ERROR", message: "the account said no" }] as const;
  const trouble = { ...CALM, faults: [lost], states: [...states] };
  expect((await life.operate("up", { trouble })).ok).toBe(false);
  expect(await objects()).toHaveLength(2);
  return life;
}

test("what a POST that was sent twice has made is found, though somebody has deleted the other one and a refresh has seen it", async () => {
  const life = await withTwin();
  const [kept] = life.stacks.state;
  const twin = (await objects()).find(({ id }) => id !== kept?.id);
  await life.byHand({ by: "remove", pick: (await objects()).findIndex(({ id }) => id === kept?.id) });
  await life.operate("refresh");
  expect(life.stacks.state).toEqual([]);
  expect(await life.operate("up")).toMatchObject({ ok: true });
  expect(await objects()).toMatchObject([{ id: twin?.id }]);
});

test("a page of another form does not pass for an empty list, and for the proof that there is no twin", async () => {
  const life = await withTwin();
  await lane.clock.sleep(31_000);
  const { ok } = await life.operate("up", amid(alien("GET", "/integrations[?]", {})));
  expect(ok).toBe(false);
  expect(await life.operate("up")).toMatchObject({ ok: true });
  expect(await objects()).toHaveLength(1);
});

test("that a twin may be there is not forgotten when a third one was posted", async () => {
  const life = await withTwin();
  const used = life.stacks.state[0]?.id;
  await life.byHand({ by: "remove", pick: (await objects()).findIndex(({ id }) => id === used) });
  const lost: FaultRule = {
    match: { method: "POST", path: "/integrations$" },
    action: { kind: "resetAfter" },
  };
  const refused: FaultRule = {
    match: { method: "GET", path: "/integrations[?]" },
    skip: 1,
    times: "always",
    action: { kind: "answer", status: 403 },
  };
  expect((await life.operate("up", amid(lost, refused))).ok).toBe(false);
  await life.operate("refresh");
  expect(life.stacks.state).toEqual([]);
  await life.timePasses();
  expect(await life.operate("up")).toMatchObject({ ok: true });
  expect(await objects()).toHaveLength(1);
});
