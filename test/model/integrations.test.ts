/** Lives of integrations that went wrong once, or must not, told step by step. */
import type { FaultRule } from "genesyscloud-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { controlPlaneOf } from "../support/controlPlane.js";
import type { Life } from "./life.js";
import { CALM, type Schedule } from "./schedule.js";
import type { IntegrationSpec } from "./subjects/integration.js";
import { type Lane, openLane } from "./support/lane.js";
import { emptyLife, SPEC as SOURCE_SPEC, INTEGRATION_SPEC as SPEC } from "./support/stories.js";

let lane: Lane;
beforeAll(async () => {
  lane = await openLane();
});
afterAll(() => lane.close());

/** A resource that is an integration. */
const RESOURCE = 3;

/** A stack that has made one integration. */
async function begun(spec: IntegrationSpec = SPEC, variants: Schedule["variants"] = {}): Promise<Life> {
  const life = await emptyLife(lane, { variants });
  life.edit(RESOURCE, spec);
  expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  return life;
}

const objects = async () => (await lane.organisation.truth()).objects;

/** Answers such a request in the organisation's place, whenever it is sent. */
const alien = (method: string, path: string, body: object): FaultRule => ({
  match: { method, path },
  times: "always",
  action: { kind: "answer", status: 200, body },
});

const amid = (...faults: FaultRule[]) => ({ trouble: { ...CALM, faults } });

test("what no read shows yet is not dropped by a refresh that comes too early, on whatever machine", async () => {
  for (const elsewhere of [false, true]) {
    const life = await begun(SPEC, { unseenReads: 2 });
    expect(await life.operate("refresh", { elsewhere })).toMatchObject({
      ok: true,
      steps: [{ step: "read" }],
    });
    expect(life.stacks.state).toHaveLength(1);
  }
});

test("a read that is not allowed keeps it in the state", async () => {
  const life = await begun();
  const trouble = { ...CALM, withdrawn: "integrations:integration:view" };
  expect((await life.operate("refresh", { trouble })).ok).toBe(false);
  expect(life.stacks.state).toHaveLength(1);
});

test("what is switched off and on is told of, though its version stays", async () => {
  const life = await begun({ ...SPEC, webhook: 0 });
  for (const enabled of [false, true]) {
    life.edit(RESOURCE, { ...SPEC, webhook: 0, enabled });
    expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "update" }] });
  }
});

test("an update whose answer was lost ends once what it has begun has settled", async () => {
  const life = await begun(SPEC, { putWhileEnabled: "activatesAgain", transitionReads: 3 });
  life.edit(RESOURCE, { ...SPEC, notes: "second" });
  const lost: FaultRule = {
    match: { method: "PUT", path: "/config/current$" },
    action: { kind: "resetAfter" },
  };
  expect(await life.operate("up", { trouble: { ...CALM, faults: [lost] } })).toMatchObject({
    ok: true,
    steps: [{ step: "update" }],
  });
});

test("what a lagging read shows after a conflict of versions is not taken for the present", async () => {
  const life = await emptyLife(lane, { variants: { staleConfigReads: 3 } });
  life.edit(RESOURCE, SPEC);
  const refused: FaultRule = {
    match: { method: "PATCH", path: "/integrations/" },
    action: { kind: "answer", status: 403 },
  };
  expect((await life.operate("up", { trouble: { ...CALM, faults: [refused] } })).ok).toBe(false);
  expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "update" }] });
});

test("what no read shows yet is waited for where the answer to its PUT was lost", async () => {
  const life = await emptyLife(lane, { variants: { unseenReads: 2 } });
  life.edit(RESOURCE, { ...SPEC, enabled: false });
  const lost: FaultRule = {
    match: { method: "PUT", path: "/config/current$" },
    action: { kind: "resetAfter" },
  };
  const run = await life.operate("up", { trouble: { ...CALM, faults: [lost] } });
  expect(run).toMatchObject({ ok: true, steps: [{ step: "create" }] });
});

test("another region deletes first, another suffix creates first", async () => {
  const life = await begun({ ...SPEC, key: "a" });
  const [first] = await objects();
  life.edit(RESOURCE, { ...SPEC, key: "a", place: 1 });
  const moved = await life.operate("up");
  expect(moved.steps.map(({ step }) => step)).toEqual(["delete", "replace"]);
  const [second, ...more] = await objects();
  expect(more).toEqual([]);
  expect(second).toMatchObject({ key: first?.key, fixed: 1 });
  life.edit(RESOURCE, { ...SPEC, key: "b", place: 1 });
  const renamed = await life.operate("up");
  expect(renamed.steps.map(({ step }) => step)).toEqual(["replace", "delete"]);
  expect(await objects()).toMatchObject([{ key: "r3-b" }]);
});

test("whenever the power fails, what was posted is found on another machine, since the engine has noted that it began", async () => {
  let posted = 0;
  for (const at of [2, 3, 4]) {
    const life = await emptyLife(lane);
    life.edit(RESOURCE, SPEC);
    const kill = { at, after: true, power: true };
    await life.operate("up", { trouble: { ...CALM, kill } });
    posted += (await objects()).length;
    expect(await life.operate("up", { elsewhere: true })).toMatchObject({ ok: true });
    expect(await objects()).toHaveLength(1);
  }
  expect(posted).toBe(3);
});

test("a lost answer to a POST is looked for, and no second integration is made", async () => {
  const life = await emptyLife(lane, { variants: { listDelaySeconds: 3, unseenReads: 2 } });
  life.edit(RESOURCE, SPEC);
  const lost: FaultRule = {
    match: { method: "POST", path: "/integrations$" },
    action: { kind: "resetAfter" },
  };
  const run = await life.operate("up", { trouble: { ...CALM, faults: [lost] } });
  expect(run).toMatchObject({ ok: true });
  expect(await objects()).toHaveLength(1);
});

test("a suffix that is another's is refused, what was posted stays, and goes with another suffix", async () => {
  const life = await emptyLife(lane);
  await life.byHand({ by: "add", resource: RESOURCE, key: "a", fixed: 0 });
  life.edit(RESOURCE, { ...SPEC, key: "a" });
  expect((await life.operate("up")).ok).toBe(false);
  expect(life.stacks.state).toHaveLength(1);
  life.edit(RESOURCE, { ...SPEC, key: "b" });
  expect(await life.operate("up")).toMatchObject({ ok: true });
  expect((await objects()).map(({ key }) => key).toSorted()).toEqual(["r3-a", "r3-b"]);
  expect(await life.operate("destroy")).toMatchObject({ ok: true });
  expect((await objects()).map(({ key }) => key)).toEqual(["r3-a"]);
});

test("a stack of both kinds lives and ends in one", async () => {
  const life = await begun();
  life.edit(0, SOURCE_SPEC);
  expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  expect((await objects()).map(({ kind }) => kind)).toEqual(["source", "integration"]);
  expect(await life.operate("destroy")).toMatchObject({ ok: true });
  expect(await objects()).toEqual([]);
});

test("an answer of another form does not pass for an empty configuration", async () => {
  const life = await begun(SPEC, { expandConfig: "nowhere" });
  const padded: FaultRule = {
    match: { method: "GET", path: "/config/current$" },
    times: "always",
    action: { kind: "huge", bytes: 1_000, after: true },
  };
  expect((await life.operate("refresh", amid(padded))).ok).toBe(false);
  expect(life.stacks.state).toMatchObject([{ outputs: { awsAccountId: expect.stringMatching(/\d{12}/) } }]);
  expect(await life.operate("refresh")).toMatchObject({ ok: true });
});

/** Two were made by one create, and the one that is used did not come to where it was to get to. */
async function withTwin(): Promise<Life> {
  const life = await emptyLife(lane, { variants: { listDelaySeconds: 15 } });
  life.edit(RESOURCE, { ...SPEC, impatient: true });
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

test.each([
  ["an empty object", {}],
  ["no type", { id: undefined, intendedState: "ENABLED" }],
  ["no state", { integrationType: { id: "amazon-eventbridge-source" } }],
  ["another integration", { id: "other", integrationType: { id: "another" }, intendedState: "ENABLED" }],
])(
  "an answer that does not say that it is the integration is no proof that it is gone: %s",
  async (_, body) => {
    // No list answers for it.
    const life = await begun(SPEC, { expandConfig: "nowhere" });
    await lane.clock.sleep(31_000);
    expect((await life.operate("refresh", amid(alien("GET", "/integrations/", body)))).ok).toBe(false);
    expect(life.stacks.state).toHaveLength(1);
    expect(await life.operate("refresh")).toMatchObject({ ok: true });
  },
);

test("a configuration in part does not pass for an empty one", async () => {
  const life = await begun(SPEC, { expandConfig: "nowhere" });
  const [before] = life.stacks.state;
  const faults = alien("GET", "/config/current$", { name: "gateway", version: 9 });
  expect((await life.operate("refresh", amid(faults))).ok).toBe(false);
  expect(life.stacks.state).toEqual([before]);
});

test("a read that lags behind the state before is not taken for the end of a change", async () => {
  const life = await emptyLife(lane, { variants: { staleStateReads: 1, transitionReads: 1 } });
  life.edit(RESOURCE, SPEC);
  const states = [{ code: "ERROR", message: "the account said no" }] as const;
  expect((await life.operate("up", { trouble: { ...CALM, states: [...states] } })).ok).toBe(false);
  life.edit(RESOURCE, { ...SPEC, enabled: false });
  expect(await life.operate("up")).toMatchObject({ ok: true });
  expect(life.stacks.state).toMatchObject([{ outputs: { enabled: false, intendedState: "DISABLED" } }]);
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

test("a change that something else has answered is not taken for done", async () => {
  const life = await begun();
  life.edit(RESOURCE, { ...SPEC, notes: "second" });
  const run = await life.operate("up", amid(alien("PUT", "/config/current$", {})));
  expect(run).toMatchObject({
    ok: false,
    steps: [{ error: expect.stringContaining("was answered as if it had gone through") }],
  });
  expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "update" }] });
  expect(await objects()).toMatchObject([{ fields: { notes: "second" } }]);
});

test("credentials that somebody has taken away again are not put back", async () => {
  const life = await begun();
  const [made] = await objects();
  const control = controlPlaneOf(lane.organisation.url);
  const bodies: Record<string, unknown>[] = [];
  for (const advanced of [{ x: 1 }, {}]) {
    await control("PATCH", `integrations/${made?.id}`, { advanced });
    expect(await life.operate("refresh")).toMatchObject({ ok: true });
    bodies.push(life.stacks.state[0]?.outputs ?? {});
  }
  expect(bodies.map((outputs) => "__carried" in outputs)).toEqual([true, false]);
});
