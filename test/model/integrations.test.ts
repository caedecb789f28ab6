/** Lives of integrations that went wrong once, or must not, told step by step. */
import type { FaultRule } from "genesyscloud-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { controlPlaneOf } from "../support/controlPlane.js";
import { CALM, type Schedule } from "./schedule.js";
import type { IntegrationSpec } from "./subjects/integration.js";
import { type Lane, openLane } from "./support/lane.js";
import {
  AN_INTEGRATION,
  emptyLife,
  integrationMade,
  SPEC as SOURCE_SPEC,
  INTEGRATION_SPEC as SPEC,
} from "./support/stories.js";

let lane: Lane;
beforeAll(async () => {
  lane = await openLane();
});
afterAll(() => lane.close());

const objects = async () => (await lane.organisation.truth()).objects;

const made = (spec?: IntegrationSpec, variants?: Schedule["variants"]) =>
  integrationMade(lane, spec, variants);

test("what no read shows yet is not dropped by a refresh that comes too early, on whatever machine", async () => {
  for (const elsewhere of [false, true]) {
    const life = await made(SPEC, { unseenReads: 2 });
    expect(await life.operate("refresh", { elsewhere })).toMatchObject({
      ok: true,
      steps: [{ step: "read" }],
    });
    expect(life.stacks.state).toHaveLength(1);
  }
});

test("a read that is not allowed keeps it in the state", async () => {
  const life = await made();
  const trouble = { ...CALM, withdrawn: "integrations:integration:view" };
  expect((await life.operate("refresh", { trouble })).ok).toBe(false);
  expect(life.stacks.state).toHaveLength(1);
});

test("what is switched off and on is told of, though its version stays", async () => {
  const life = await made({ ...SPEC, webhook: 0 });
  for (const enabled of [false, true]) {
    life.edit(AN_INTEGRATION, { ...SPEC, webhook: 0, enabled });
    expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "update" }] });
  }
});

test("an update whose answer was lost ends once what it has begun has settled", async () => {
  const life = await made(SPEC, { putWhileEnabled: "activatesAgain", transitionReads: 3 });
  life.edit(AN_INTEGRATION, { ...SPEC, notes: "second" });
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
  life.edit(AN_INTEGRATION, SPEC);
  const refused: FaultRule = {
    match: { method: "PATCH", path: "/integrations/" },
    action: { kind: "answer", status: 403 },
  };
  expect((await life.operate("up", { trouble: { ...CALM, faults: [refused] } })).ok).toBe(false);
  expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "update" }] });
});

test("what no read shows yet is waited for where the answer to its PUT was lost", async () => {
  const life = await emptyLife(lane, { variants: { unseenReads: 2 } });
  life.edit(AN_INTEGRATION, { ...SPEC, enabled: false });
  const lost: FaultRule = {
    match: { method: "PUT", path: "/config/current$" },
    action: { kind: "resetAfter" },
  };
  const run = await life.operate("up", { trouble: { ...CALM, faults: [lost] } });
  expect(run).toMatchObject({ ok: true, steps: [{ step: "create" }] });
});

test("another region deletes first, another suffix creates first", async () => {
  const life = await made({ ...SPEC, key: "a" });
  const [first] = await objects();
  life.edit(AN_INTEGRATION, { ...SPEC, key: "a", place: 1 });
  const moved = await life.operate("up");
  expect(moved.steps.map(({ step }) => step)).toEqual(["delete", "replace"]);
  const [second, ...more] = await objects();
  expect(more).toEqual([]);
  expect(second).toMatchObject({ key: first?.key, fixed: 1 });
  life.edit(AN_INTEGRATION, { ...SPEC, key: "b", place: 1 });
  const renamed = await life.operate("up");
  expect(renamed.steps.map(({ step }) => step)).toEqual(["replace", "delete"]);
  expect(await objects()).toMatchObject([{ key: "r3-b" }]);
});

test("whenever the power fails, what was posted is found on another machine, since the engine has noted that it began", async () => {
  let posted = 0;
  for (const at of [2, 3, 4]) {
    const life = await emptyLife(lane);
    life.edit(AN_INTEGRATION, SPEC);
    const kill = { at, after: true, power: true };
    await life.operate("up", { trouble: { ...CALM, kill } });
    posted += (await objects()).length;
    expect(await life.operate("up", { elsewhere: true })).toMatchObject({ ok: true });
    expect(await objects()).toHaveLength(1);
  }
  expect(posted).toBe(3);
});

test("what has its automatic suffix is gone on with on another machine, where the provider alone was killed", async () => {
  let found = 0;
  for (const at of [3, 4, 5]) {
    const life = await emptyLife(lane);
    life.edit(AN_INTEGRATION, SPEC);
    await life.operate("up", { trouble: { ...CALM, kill: { at, after: true, power: false } } });
    const [posted] = await objects();
    expect(await life.operate("up", { elsewhere: true })).toMatchObject({ ok: true });
    // Until it has the suffix nothing tells of it there: the engine, which lived on, has noted nothing.
    if (posted === undefined || posted.key === "") continue;
    found += 1;
    expect((await objects()).map(({ id }) => id)).toEqual([posted.id]);
    expect(await life.operate("destroy")).toMatchObject({ ok: true });
    expect(await objects()).toEqual([]);
  }
  expect(found).toBeGreaterThan(0);
});

test("what was taken out of the state is not ours again, though it has the automatic suffix", async () => {
  const life = await made();
  const [kept] = await objects();
  const [resource] = life.stacks.state;
  if (resource === undefined) return expect.unreachable("it is in the state");
  life.takeOutOfState(resource, await lane.organisation.truth());
  for (let run = 0; run < 2; run++) {
    const [step] = (await life.operate("up")).steps;
    expect(step?.error).toContain(`is taken by the integration ${kept?.id}: import that one`);
    expect(await objects()).toContainEqual(kept);
  }
});

test("a lost answer to a POST is looked for, and no second integration is made", async () => {
  const life = await emptyLife(lane, { variants: { listDelaySeconds: 3, unseenReads: 2 } });
  life.edit(AN_INTEGRATION, SPEC);
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
  await life.byHand({ by: "add", resource: AN_INTEGRATION, key: "a", fixed: 0 });
  life.edit(AN_INTEGRATION, { ...SPEC, key: "a" });
  expect((await life.operate("up")).ok).toBe(false);
  expect(life.stacks.state).toHaveLength(1);
  life.edit(AN_INTEGRATION, { ...SPEC, key: "b" });
  expect(await life.operate("up")).toMatchObject({ ok: true });
  expect((await objects()).map(({ key }) => key).toSorted()).toEqual(["r3-a", "r3-b"]);
  expect(await life.operate("destroy")).toMatchObject({ ok: true });
  expect((await objects()).map(({ key }) => key)).toEqual(["r3-a"]);
});

test("a stack of both kinds lives and ends in one", async () => {
  const life = await made();
  life.edit(0, SOURCE_SPEC);
  expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  expect((await objects()).map(({ kind }) => kind)).toEqual(["source", "integration"]);
  expect(await life.operate("destroy")).toMatchObject({ ok: true });
  expect(await objects()).toEqual([]);
});

test("a read that lags behind the state before is not taken for the end of a change", async () => {
  const life = await emptyLife(lane, { variants: { staleStateReads: 1, transitionReads: 1 } });
  life.edit(AN_INTEGRATION, SPEC);
  const states = [{ code: "ERROR", message: "the account said no" }] as const;
  expect((await life.operate("up", { trouble: { ...CALM, states: [...states] } })).ok).toBe(false);
  life.edit(AN_INTEGRATION, { ...SPEC, enabled: false });
  expect(await life.operate("up")).toMatchObject({ ok: true });
  expect(life.stacks.state).toMatchObject([{ outputs: { enabled: false, intendedState: "DISABLED" } }]);
});

test("credentials that somebody has taken away again are not put back", async () => {
  const life = await made();
  const [object] = await objects();
  const control = controlPlaneOf(lane.organisation.url);
  const bodies: Record<string, unknown>[] = [];
  for (const advanced of [{ x: 1 }, {}]) {
    await control("PATCH", `integrations/${object?.id}`, { advanced });
    expect(await life.operate("refresh")).toMatchObject({ ok: true });
    bodies.push(life.stacks.state[0]?.outputs ?? {});
  }
  expect(bodies.map((outputs) => "__carried" in outputs)).toEqual([true, false]);
});
