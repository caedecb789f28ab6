/** What becomes of sources when names, states and stacks are changed: a story for each way. */
import type { LoggedRequest } from "genesyscloud-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Life, Violation } from "./life.js";
import { urnIn } from "./program.js";
import { CALM, type StateEdit } from "./schedule.js";
import { Stacks } from "./stacks.js";
import type { StoredObject } from "./subjects/subject.js";
import { type Lane, openLane } from "./support/lane.js";
import { emptyLife, SPEC } from "./support/stories.js";

let lane: Lane;
beforeAll(async () => {
  lane = await openLane();
});
afterAll(() => lane.close());

const TAINT: StateEdit = { edit: "taint", pick: 0 };
const ALIAS: StateEdit = { edit: "alias", pick: 0 };
const MOVE: StateEdit = { edit: "move", pick: 0 };
const RENAME: StateEdit = { edit: "rename stack" };
const NAMED = { ...SPEC, key: "a" } as const;

const sources = async () => (await lane.organisation.truth()).objects;
const names = async () => (await sources()).map(({ name }) => name);
const isWrite = ({ method, path }: LoggedRequest) => method !== "GET" && path !== "/oauth/token";
/** What the last command, and the preview after it, have written. */
const writes = async () => (await lane.organisation.requests()).filter(isWrite).map(({ method }) => method);

/** A life in which a resource was made. */
async function begun(spec = SPEC) {
  const life = await emptyLife(lane);
  life.edit(0, spec);
  expect(await life.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  return life;
}

test("what is tainted is replaced by the next up, under another name, so that it is made first", async () => {
  const life = await begun();
  const [before] = await sources();
  await life.editState(TAINT);
  expect(await life.operate("refresh")).toMatchObject({ ok: true });
  const { steps } = await life.operate("up");
  expect(steps.map(({ step }) => step)).toEqual(["replace", "delete"]);
  const [after, ...more] = await sources();
  expect(more).toEqual([]);
  expect(after?.id).not.toBe(before?.id);
  expect(after?.name).toMatch(/^r0-/);
  expect(after?.name).not.toBe(before?.name);
});

test("what is tainted and named by the program is deleted first, as the option says", async () => {
  const life = await begun(NAMED);
  await life.editState(TAINT);
  const { steps } = await life.operate("up");
  expect(steps.map(({ step }) => step)).toEqual(["delete", "replace"]);
  expect(await names()).toEqual(["r0-a"]);
});

test("up --refresh makes again what somebody has removed, and brings back what somebody has changed", async () => {
  const life = await begun();
  life.edit(1, NAMED);
  await life.operate("up");
  const [first, second] = await sources();
  await life.byHand({ by: "change", pick: 1, field: "description" });
  await life.byHand({ by: "remove", pick: 0 });
  const { ok, steps } = await life.operate("up --refresh");
  expect(ok).toBe(true);
  expect(steps.map(({ step }) => step).toSorted()).toEqual(["create", "read", "read", "update"]);
  const now = await sources();
  expect(now.find(({ id }) => id === second?.id)?.fields.description).toBe("Managed by Pulumi");
  expect(now.map(({ name }) => name).toSorted()).toEqual([first?.name, "r1-a"]);
});

test("up --refresh brings nothing about where a read fails", async () => {
  const life = await begun();
  await life.byHand({ by: "remove", pick: 0 });
  life.edit(1, SPEC);
  const trouble = { ...CALM, withdrawn: "eventbridge:source:read" };
  const run = await life.operate("up --refresh", { trouble });
  expect(run).toMatchObject({ ok: false, steps: [{ step: "read" }] });
  expect(await sources()).toEqual([]);
});

test.each([
  { what: "called otherwise", edit: ALIAS, urn: urnIn("model", "s0") },
  { what: "renamed with its stack", edit: RENAME, urn: urnIn("model-renamed", "r0") },
])(
  "a source, $what, is the same one, and its successor is named after what it is called now",
  async ({ edit, urn }) => {
    const life = await begun();
    const [source] = await sources();
    await life.editState(edit);
    await lane.organisation.forgetRequests();
    expect(await life.operate("up")).toMatchObject({ ok: true, steps: [] });
    expect(await lane.organisation.requests()).toEqual([]);
    expect(life.stacks.state).toMatchObject([{ urn, outputs: { sourceId: source?.id } }]);
    await life.operate("refresh");
    life.edit(0, { ...SPEC, topic: 1 });
    expect((await life.operate("up")).steps.map(({ step }) => step)).toEqual(["replace", "delete"]);
    const [successor, ...more] = await sources();
    expect(more).toEqual([]);
    expect(successor?.name).toMatch(new RegExp(`^${urn.split("::").at(-1)}-`));
    expect(await life.operate("destroy")).toMatchObject({ ok: true });
    expect(await sources()).toEqual([]);
  },
);

test("a source that is moved to another stack stays one, is left alone by the first, and is deleted once", async () => {
  const life = await begun();
  const [source] = await sources();
  await life.editState(MOVE);
  const { first, second } = life.stacks;
  expect(first.engine.state).toEqual([]);
  expect(await life.operate("up", { stack: first })).toMatchObject({ ok: true, steps: [] });
  expect(await life.operate("up", { stack: second })).toMatchObject({ ok: true, steps: [] });
  expect(await life.operate("destroy", { stack: first })).toMatchObject({ ok: true, steps: [] });
  expect(await sources()).toEqual([source]);
  expect(await life.operate("destroy", { stack: second })).toMatchObject({ ok: true });
  expect(await writes()).toEqual(["DELETE"]);
  expect(await sources()).toEqual([]);
});

test("nothing is moved to where something of the same URN waits to be deleted", async () => {
  const life = await begun();
  const { first } = life.stacks;
  const leaving = first.engine.state.map((each) => ({ ...each, delete: true }));
  await life.editState(MOVE);
  first.engine.state = leaving;
  await life.editState(MOVE);
  expect(life.stacks.of(0)).toBe(life.stacks.second);
  expect(life.diary.at(-1)).toContain("refused");
});

test("two stacks in one folder keep to their own sources, and each to its own end", async () => {
  const life = await emptyLife(lane, { inSecond: [1] });
  life.edit(0, SPEC);
  life.edit(1, NAMED);
  const { first, second } = life.stacks;
  for (const stack of [first, second])
    expect(await life.operate("up", { stack })).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  expect((await names()).map((name) => name.slice(0, 3)).toSorted()).toEqual(["r0-", "r1-"]);
  await life.operate("refresh", { stack: second });
  expect(await life.operate("destroy", { stack: first })).toMatchObject({ ok: true });
  expect(await names()).toEqual(["r1-a"]);
  expect(await life.operate("destroy", { stack: second })).toMatchObject({ ok: true });
  expect(await sources()).toEqual([]);
});

test("of two stacks of one program, in one folder, each finds what its own killed create has made", async () => {
  const dev = await emptyLife(lane);
  const prod = new Life(lane, undefined, new Stacks([], "prod"));
  for (const each of [dev, prod]) each.edit(0, SPEC);
  // After a look at the topics, and one at the targets.
  const trouble = { ...CALM, kill: { at: 2, after: true, power: false } };
  expect((await dev.operate("up", { trouble })).ok).toBe(false);
  await lane.clock.sleep(1_000);
  const [ofDev] = await sources();
  /** What one has made and written is none of the other's. */
  const others = async (life: Life, source: StoredObject | undefined) => {
    life.knowledge.foreign.set(String(source?.id), source as StoredObject);
    await life.records.auditLog();
  };
  await others(prod, ofDev);
  expect(await prod.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  const ofProd = (await sources()).find(({ id }) => id !== ofDev?.id);
  expect(prod.stacks.state).toMatchObject([{ outputs: { sourceId: ofProd?.id } }]);
  await others(dev, ofProd);
  expect(await dev.operate("up")).toMatchObject({ ok: true, steps: [{ step: "create" }] });
  expect(dev.stacks.state).toMatchObject([{ outputs: { sourceId: ofDev?.id } }]);
  expect(await prod.operate("destroy")).toMatchObject({ ok: true });
  expect((await sources()).map(({ id }) => id)).toEqual([ofDev?.id]);
});

test("the model notices when one stack has what is another's", async () => {
  const life = await emptyLife(lane, { inSecond: [1] });
  life.edit(0, SPEC);
  await life.operate("up");
  life.stacks.second.engine.state = [...life.stacks.first.engine.state];
  await expect(life.operate("up")).rejects.toThrow(Violation);
});
