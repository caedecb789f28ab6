/** The switches that let reads of integrations lag behind writes, each turned from its default. */
import { expect, test } from "vitest";
import { startWith, statesOf } from "./integrationsHarness.js";

const times = async <T>(count: number, call: () => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let i = 0; i < count; i += 1) results.push(await call());
  return results;
};

test("unseenReads: the first GETs after a POST answer 404, writes and the list know better", async () => {
  const { create, read, config, all, configure } = await startWith({ unseenReads: 2, goneStatus: 410 });
  const { id } = (await create()).body;
  expect((await all()).length).toBe(1);
  expect((await configure(id, 1)).status).toBe(200);
  // Not 410: it is on its way, not gone.
  expect([(await read(id)).status, (await config(id)).status]).toEqual([404, 404]);
  expect([(await read(id)).status, (await config(id)).status]).toEqual([200, 200]);
});

test("staleConfigReads: GETs after a PUT show the configuration of before, the PUT's answer the new one", async () => {
  const { create, read, config, configure, control } = await startWith();
  const { id } = (await create()).body;
  await configure(id, 1);
  await control("PATCH", "/variants", { staleConfigReads: 2 });
  expect((await configure(id, 2, { name: "new" })).body).toMatchObject({ name: "new", version: 3 });
  expect((await config(id)).body).toMatchObject({ name: "voice", version: 2 });
  expect((await read(id, "?expand=config.current")).body).toMatchObject({
    name: "voice",
    config: { current: { name: "voice", version: 2 } },
  });
  expect((await config(id)).body).toMatchObject({ name: "new", version: 3 });
  expect((await read(id)).body.name).toBe("new");
});

test("staleStateReads: GETs after a PATCH show the states of before", async () => {
  const { create, configure, config, intend, states } = await startWith({
    staleStateReads: 2,
    transitionReads: 1,
  });
  const { id } = (await create()).body;
  await configure(id, 1);
  expect(statesOf((await intend(id, "ENABLED")).body)).toBe("ENABLED ACTIVATING");
  // The configuration shows no state, so it is no such read.
  await config(id);
  expect(await times(4, () => states(id))).toEqual([
    "DISABLED INACTIVE",
    "DISABLED INACTIVE",
    "ENABLED ACTIVATING",
    "ENABLED ACTIVE",
  ]);
});

test("transitionReads: GETs show a change under way before it ends", async () => {
  const { create, configure, intend, states } = await startWith({ transitionReads: 2 });
  const { id } = (await create()).body;
  await configure(id, 1);
  await intend(id, "ENABLED");
  const up = ["ENABLED ACTIVATING", "ENABLED ACTIVATING", "ENABLED ACTIVE"];
  expect(await times(3, () => states(id))).toEqual(up);
  await intend(id, "DISABLED");
  const down = ["DISABLED DEACTIVATING", "DISABLED DEACTIVATING", "DISABLED INACTIVE"];
  expect(await times(3, () => states(id))).toEqual(down);
});

test("deletedReads and deletedShown: GETs still answer after a DELETE, and keep the suffix", async () => {
  const { make, create, configure, erase, read, control } = await startWith({ deletedReads: 2 });
  const id = await make();
  const other = (await create()).body.id;
  expect((await erase(id)).body.intendedState).toBe("DELETED");
  expect((await read(id)).body.intendedState).toBe("DELETED");
  expect((await configure(id, 2)).status).toBe(404);
  expect((await erase(id)).status).toBe(404);
  await control("PATCH", "/variants", { deletedShown: "asBefore" });
  expect((await configure(other, 1)).status).toBe(400);
  expect((await read(id)).body.intendedState).toBe("ENABLED");
  expect((await read(id)).status).toBe(404);
  expect((await configure(other, 1)).status).toBe(200);
  expect((await erase(other)).body.intendedState).toBe("DISABLED");
});

test("suffixFreed: atOnce lets another have the suffix of one that is deleted but not gone", async () => {
  const { make, create, configure, erase } = await startWith({ deletedReads: 9, suffixFreed: "atOnce" });
  await erase(await make());
  const { id } = (await create()).body;
  expect((await configure(id, 1)).status).toBe(200);
});

test("goneStatus: 410 stands for 404", async () => {
  const { make, erase, read, config, intend } = await startWith({ goneStatus: 410 });
  const id = await make();
  await erase(id);
  for (const call of [read(id), config(id), intend(id, "ENABLED"), erase(id)]) {
    expect((await call).body).toMatchObject({ status: 410, code: "gone" });
  }
});

test("listDelaySeconds and readDelaySeconds let integrations lag, too", async () => {
  const { create, read, erase, all, advance } = await startWith({
    listDelaySeconds: 10,
    readDelaySeconds: 5,
  });
  const { id } = (await create()).body;
  const seen = async () => [(await all()).map(({ intendedState }) => intendedState), (await read(id)).status];
  expect(await seen()).toEqual([[], 404]);
  advance(5_000);
  expect(await seen()).toEqual([[], 200]);
  advance(5_000);
  expect(await seen()).toEqual([["DISABLED"], 200]);
  await erase(id);
  expect(await seen()).toEqual([["DELETED"], 200]);
  advance(5_000);
  expect(await seen()).toEqual([["DELETED"], 404]);
  advance(5_000);
  expect(await seen()).toEqual([[], 404]);
});

test("a count of reads is a whole number", async () => {
  const { control } = await startWith();
  for (const unseenReads of [-1, 0.5, "1"]) {
    expect((await control("PATCH", "/variants", { unseenReads })).status).toBe(400);
  }
});
