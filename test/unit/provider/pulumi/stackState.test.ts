/** What the stack's state tells of its objects, and how it is asked for through the Pulumi CLI. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { KINDS } from "../../../../provider/src/kinds.js";
import { createStackState } from "../../../../provider/src/pulumi/stackState.js";

const OURS = "pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource";
const URN = `urn:pulumi:dev::shop::${OURS}::orders`;

/** A folder whose `pulumi` prints this, and writes down how it was called. */
function withPulumi(printed: string, stack = "", projectFile = true) {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-state-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "printed"), printed);
  if (projectFile) writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
  const isIt = stack === "" ? "*" : `*"export --non-interactive"*|*"--stack ${stack} "*`;
  const script = `#!/bin/sh\necho "$@" >> "${folder}/calls"\ncase "$*" in ${isIt}) cat "${folder}/printed";; *) exit 255;; esac\n`;
  writeFileSync(join(folder, "pulumi"), script, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  return Object.assign(createStackState(folder, KINDS), { calls });
}

/** Another resource of the same stack. */
const urnOf = (name: string, type = OURS) => `urn:pulumi:dev::shop::${type}::${name}`;
const STACK = { urn: urnOf("shop-dev", "pulumi:pulumi:Stack"), type: "pulumi:pulumi:Stack" };
const stateOf = (...resources: object[]) => JSON.stringify({ deployment: { resources } });

const staying = (key: string) => ({ key, isLeaving: false });

test("another stack of the project may keep an object, too, and every one is asked", async () => {
  const moved = { urn: URN.replace("dev", "prod"), type: OURS, id: "src-1" };
  const making = { ...moved, id: "job:3", outputs: { jobId: "3", name: "orders" } };
  const own = { ...moved, urn: URN, id: "src-2" };
  const states = { dev: stateOf(STACK, own), prod: stateOf({ ...STACK, urn: moved.urn }, moved, making) };
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-stacks-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, state] of Object.entries(states)) writeFileSync(join(folder, name), state);
  const script = `#!/bin/sh\ncase "$2 $4" in ls*) echo '[{"name":"dev"},{"name":"prod"},{"name":"gone"}]';; *) exec cat "${folder}/$4";; esac\n`;
  writeFileSync(join(folder, "pulumi"), script, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const stack = createStackState(folder, KINDS);
  expect(await stack.lookUpInOthers(URN, "src-1")).toBe(true);
  expect(await stack.lookUpInOthers(URN, "src-2")).toBe(false);
  expect(await stack.lookUpInOthers(URN, "src-3", "orders")).toBe(true);
  expect(await stack.lookUpInOthers(URN, "src-3", "invoices")).toBe(false);
  vi.stubEnv("PATH", "/nonexistent");
  expect(await createStackState(folder, KINDS).lookUpInOthers(URN, "src-1")).toBe(false);
});

test("the stack keeps what its resources of ours bear as their id, as their source's or as their job's", async () => {
  const stack = withPulumi(
    stateOf(
      { ...STACK, outputs: { sourceId: "exported-by-the-program" } },
      { urn: urnOf("b", "aws:s3/bucket:Bucket"), type: "aws:s3/bucket:Bucket", id: "another-provider's" },
      { urn: urnOf("one"), type: OURS, id: "src-1", outputs: { sourceId: "src-1", jobId: "1" } },
      { urn: urnOf("two"), type: OURS, id: "job:2", outputs: { sourceId: "src-2" } },
    ),
  );
  const kept = ["src-1", "job:1", "src-2", "job:2"];
  const others = ["exported-by-the-program", "another-provider's", "src-3"];
  for (const id of kept) expect(await stack.lookUpId(URN, id), id).toBe(true);
  for (const id of others) expect(await stack.lookUpId(URN, id), id).toBe(false);
  expect([stack.reserve("src-3"), stack.reserve("src-3")]).toEqual([true, false]);
  expect(await stack.lookUpId(URN, "src-3")).toBe(true);
});

test("what the stack is still making may be whatever bears its name", async () => {
  const making = { urn: urnOf("one"), type: OURS, id: "job:1", outputs: { name: "orders" } };
  const made = { urn: urnOf("two"), type: OURS, id: "job:2", outputs: { name: "vip", sourceId: "src-2" } };
  const stack = withPulumi(stateOf(making, made));
  expect(await stack.lookUpId(URN, "src-9", "orders")).toBe(true);
  expect(await stack.lookUpId(URN, "src-9", "vip")).toBe(false);
  expect(await stack.lookUpId(URN, "src-9")).toBe(false);
  stack.expectsNothingOf("1");
  expect(await stack.lookUpId(URN, "src-9", "orders")).toBe(false);
  expect(await stack.lookUpId(URN, "job:1")).toBe(true);
});

test("a resource's object has the name that the state gives it, unless it waits to be deleted", async () => {
  const one = { urn: URN, type: OURS, id: "src-1", outputs: { sourceId: "src-1", name: "orders" } };
  const leaving = { ...one, id: "src-2", outputs: { name: "vip" }, delete: true };
  expect(await withPulumi(stateOf(leaving, one)).lookUpKey(URN)).toEqual(staying("orders"));
  expect(await withPulumi(stateOf({ ...one, pendingReplacement: true })).lookUpKey(URN)).toEqual(
    staying("orders"),
  );
  const stack = withPulumi(stateOf(leaving, { ...one, urn: urnOf("two") }));
  expect(await stack.lookUpKey(URN)).toEqual({ key: "vip", isLeaving: true });
});

test("a resource's name is what a check with olds would say, or what was read since; none where it is secret", async () => {
  const one = { urn: URN, type: OURS, id: "src-1", inputs: { name: "asked" }, outputs: { name: "told" } };
  const stack = withPulumi(stateOf(one));
  expect(await stack.lookUpKey(URN)).toEqual(staying("asked"));
  stack.hasRead("src-1", "by hand");
  expect(await stack.lookUpKey(URN)).toEqual(staying("by hand"));
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "v1:x",
  };
  const hidden = { ...one, inputs: { name: secret }, outputs: { name: secret } };
  expect(await withPulumi(stateOf(hidden)).lookUpKey(URN)).toBeUndefined();
});

test("what a read has found gone the stack has no more, although the state may still tell of it", async () => {
  const one = { urn: URN, type: OURS, id: "src-1", outputs: { sourceId: "src-1", name: "orders" } };
  const making = { urn: urnOf("two"), type: OURS, id: "job:2", outputs: { name: "vip" } };
  const stack = withPulumi(stateOf(one, making));
  expect(await stack.lookUpKey(URN)).toEqual(staying("orders"));
  stack.hasRead("src-1", undefined);
  stack.hasRead("job:2", undefined);
  expect(await stack.lookUpKey(URN)).toBeUndefined();
  expect(await stack.lookUpId(URN, "src-9", "vip")).toBe(false);
});

test("what the stack only reads it does not keep, and what was deleted to be replaced it does not have", async () => {
  const one = { urn: urnOf("one"), type: OURS, id: "src-1", outputs: { sourceId: "src-1", name: "orders" } };
  const read = { ...one, urn: urnOf("reader"), external: true };
  const making = { urn: URN, type: OURS, id: "job:1", outputs: { name: "orders" }, pendingReplacement: true };
  expect(await withPulumi(stateOf(STACK, read, making)).lookUpId(URN, "src-1", "orders")).toBe(false);
  expect(await withPulumi(stateOf(read)).lookUpKey(read.urn)).toBeUndefined();
  expect(
    await withPulumi(stateOf(one, read, { ...one, pendingReplacement: true })).noteRemoval(URN, "src-1"),
  ).toBe(false);
});

test("what several resources are stays until the last of them goes", async () => {
  const one = { urn: urnOf("one"), type: OURS, id: "src-1", outputs: { sourceId: "src-1" } };
  const stack = withPulumi(
    stateOf(one, { ...one, delete: true }, { ...one, urn: urnOf("two"), id: "src-2" }),
  );
  const goes = (id: string) => stack.noteRemoval(URN, id);
  expect(await Promise.all([goes("src-1"), goes("src-1"), goes("src-1")])).toEqual([true, true, false]);
  expect(await goes("src-2")).toBe(false);
  stack.reserve("src-3");
  expect(await stack.noteRemoval(undefined, "src-3")).toBe(true);
});

test("what goes and is known by its job alone does not count as one that has the object", async () => {
  const making = { urn: urnOf("one"), type: OURS, id: "job:1", outputs: { jobId: "1", name: "orders" } };
  const imported = { urn: urnOf("two"), type: OURS, id: "src-1", outputs: { sourceId: "src-1" } };
  const stack = withPulumi(stateOf(making, imported));
  expect(await stack.noteRemoval(making.urn, "src-1", false)).toBe(true);
  expect(await stack.noteRemoval(imported.urn, "src-1")).toBe(false);
});

test("what several resources are stays after the stack was renamed, too: the state tells the name before", async () => {
  const one = { urn: urnOf("one").replace(":dev:", ":prod:"), type: OURS, id: "src-1" };
  const stack = withPulumi(stateOf(one, { ...one, urn: `${one.urn}-2` }), "prod");
  expect(await stack.lookUpId(URN, "src-1")).toBeUndefined();
  expect(await stack.noteRemoval(URN, "src-1")).toBe(true);
  expect(await stack.noteRemoval(URN, "src-1")).toBe(false);
});

test("a state of another project's stack of the same name, or an empty one, tells nothing", async () => {
  const others = { urn: "urn:pulumi:dev::other::t::one", type: OURS, id: "src-1" };
  expect(await withPulumi(stateOf(others)).lookUpId(URN, "src-1")).toBeUndefined();
  expect(await withPulumi('{"deployment":{}}').lookUpId(URN, "src-1")).toBeUndefined();
  expect(await withPulumi(stateOf(STACK)).lookUpId(URN, "src-1")).toBe(false);
});

test("where it cannot be told, it says so", async () => {
  expect(await withPulumi("no JSON").lookUpId(URN, "src-1")).toBeUndefined();
  expect(await withPulumi("{}").lookUpId("no URN", "src-1")).toBeUndefined();
  vi.stubEnv("PATH", "/nonexistent");
  const stack = createStackState("/", KINDS);
  expect(await stack.lookUpId(URN, "src-1")).toBeUndefined();
  expect(await stack.noteRemoval(URN, "src-1")).toBe(false);
});

test("what can be done while the CLI is at work is done then, and once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "eventbridge-meanwhile-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const done = join(folder, "done");
  // This CLI waits for it.
  const script = `#!/bin/sh\nfor _ in $(seq 1000); do [ -e "${done}" ] && break; sleep 0.01; done\n[ -e "${done}" ] && echo '${stateOf(STACK)}'\n`;
  writeFileSync(join(folder, "pulumi"), script, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const meanwhile = vi.fn(() => writeFileSync(done, ""));
  const stack = createStackState(folder, KINDS, meanwhile);
  expect(await Promise.all([stack.lookUpId(URN, "src-1"), stack.lookUpId(URN, "src-2")])).toEqual([
    false,
    false,
  ]);
  expect(meanwhile).toHaveBeenCalledTimes(1);
});

describe("the stack's name", () => {
  const state = stateOf({
    urn: URN,
    type: OURS,
    id: "src-1",
    outputs: { sourceId: "src-1", name: "orders" },
  });
  const called = (...names: string[]) =>
    names.map((name) => `stack export --stack ${name} --non-interactive`);

  test("is the short one in the project's folder, and takes one call", async () => {
    const stack = withPulumi(state);
    expect([await stack.lookUpKey(URN), await stack.lookUpId(URN, "src-1")]).toEqual([
      staying("orders"),
      true,
    ]);
    expect(stack.calls()).toEqual(called("dev"));
  });

  test("is the full one in any other folder, such as that of an inline program", async () => {
    const stack = withPulumi(state, "organization/shop/dev", false);
    expect(await stack.lookUpKey(URN)).toEqual(staying("orders"));
    expect(stack.calls()).toEqual(called("organization/shop/dev"));
  });

  test("is the short one after all where a backend knows no full ones", async () => {
    const stack = withPulumi(state, "dev", false);
    expect(await stack.lookUpKey(URN)).toEqual(staying("orders"));
    expect(stack.calls()).toEqual(called("organization/shop/dev", "dev"));
  });

  test("is the full one where the folder belongs to another project", async () => {
    const stack = withPulumi(state, "organization/shop/dev");
    expect(await stack.lookUpKey(URN)).toEqual(staying("orders"));
    expect(stack.calls()).toEqual(called("dev", "organization/shop/dev"));
  });

  test("has the organisation that the program tells, wherever it is", async () => {
    for (const projectFile of [true, false]) {
      const stack = withPulumi(state, "acme/shop/dev", projectFile);
      stack.belongsTo("acme");
      expect(await stack.lookUpKey(URN)).toEqual(staying("orders"));
      expect(stack.calls()).toEqual(called("acme/shop/dev"));
    }
  });

  test("is tried in two ways at most, once a process, and in one where the stack is empty", async () => {
    const stack = withPulumi(state, "another", false);
    expect([await stack.lookUpKey(URN), await stack.lookUpId(URN, "src-1")]).toEqual([undefined, undefined]);
    expect(stack.calls()).toEqual(called("organization/shop/dev", "dev"));
    const empty = withPulumi(stateOf(), "organization/shop/dev", false);
    expect(await empty.lookUpKey(URN)).toBeUndefined();
    expect(empty.calls()).toEqual(called("organization/shop/dev"));
  });
});

test("a create that the engine has begun and not ended is known, where the state can be had", async () => {
  const pending = [{ type: "creating", resource: { urn: URN } }];
  const withPending = JSON.stringify({ deployment: { resources: [STACK], pending_operations: pending } });
  expect(await withPulumi(withPending).lookUpCreating(URN)).toBe(true);
  expect(await withPulumi(withPending.replace("creating", "updating")).lookUpCreating(URN)).toBe(false);
  expect(await withPulumi('{"deployment":{}}').lookUpCreating(URN)).toBe(false);
  expect(await withPulumi("no JSON").lookUpCreating(URN)).toBeUndefined();
});
