/** A third kind of resource goes through every room that kinds share, and none of them was told of it. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { findingsOf, lookAt } from "../../../provider/src/doctor/offer.js";
import { verifyLog } from "../../../provider/src/hooks/audit/verify.js";
import { withHooks } from "../../../provider/src/hooks/withHooks.js";
import { idIn } from "../../../provider/src/hooks/words.js";
import { findObjects } from "../../../provider/src/importing/find.js";
import { takeIn } from "../../../provider/src/importing/imported.js";
import { importFile } from "../../../provider/src/importing/importFile.js";
import { loadNaming } from "../../../provider/src/importing/names.js";
import { programText } from "../../../provider/src/importing/programText.js";
import { createHandler } from "../../../provider/src/lifecycle/handler.js";
import { beginOn } from "../../../provider/src/lifecycle/kind.js";
import { lifecycleHooks } from "../../../provider/src/lifecycleHooks.js";
import { flowsOfState } from "../../../provider/src/picture/fromStack.js";
import { temporaryFolder } from "./hooks/audit/support.js";
import { done, fakeContext, stateAfter } from "./support/context.js";
import { FakeOrganisation } from "./support/fakeOrganisation.js";
import { thirdKind } from "./support/thirdKind.js";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/genesyscloud:EventBridgeAccount::books";

test("its life is followed from the check to the deletion, and stands in the audit log", async () => {
  const { kind, accounts } = thirdKind();
  const projectFolder = temporaryFolder();
  const process = () => {
    const { context } = fakeContext(undefined, { auditLog: { file: "audit.jsonl", otlp: false } });
    return {
      context: { ...context, projectFolder },
      handler: withHooks(createHandler(kind), lifecycleHooks()),
    };
  };
  const { context, handler } = process();
  const checked = async (notes: string) => {
    const found = await handler.check(context, undefined, { name: "books", notes, __urn: URN });
    if ("problems" in found) throw new Error(JSON.stringify(found.problems));
    return found.inputs;
  };

  const { id, state } = await done(handler.create(context, await checked("first")));
  expect([...accounts.values()]).toEqual([{ id, name: "books", notes: "first", version: 1 }]);
  expect(state).toMatchObject({ accountId: id, auditHead: expect.stringMatching(/^2:/) });
  expect(handler.diff(state, await checked("second"))).toMatchObject({ inputs: true, replaces: [] });
  const changed = await stateAfter(handler.update(context, id, state, await checked("second")));
  expect(await handler.read(context, id, changed)).toMatchObject({ state: { notes: "second", version: 2 } });
  const later = process();
  expect(await later.handler.delete(later.context, id, changed)).toBe("deleted");
  expect(accounts.size).toBe(0);
  expect(await later.handler.read(later.context, id, changed)).toBeUndefined();

  const { records, finding } = await verifyLog(join(projectFolder, "audit.jsonl"));
  expect(finding).toBeUndefined();
  expect(records.map((record) => [record.event_type, record.account_id, idIn(record)])).toEqual([
    ["eventbridge_account_registration_intent", null, null],
    ["eventbridge_account_registration", id, id],
    ["eventbridge_account_update_intent", id, id],
    ["eventbridge_account_update", id, id],
    ["eventbridge_account_deletion_intent", id, id],
    ["eventbridge_account_deletion", id, id],
  ]);
});

test("commands find it, write it into a program, draw it and look whether it can be had", async () => {
  const { kind, accounts } = thirdKind();
  accounts.set("acc-1", { id: "acc-1", name: "books", notes: "n", version: 1 });
  const { context } = fakeContext();
  const step = beginOn(kind, context, "1m");
  const { objects } = await findObjects([step], { ids: [], names: ["b*"], all: false }, () => () => {});
  expect(objects).toMatchObject([{ kind, shown: { id: "acc-1" } }]);
  const taken = await takeIn(kind, context, { id: "acc-1", urn: URN });
  if (taken === "gone" || "problems" in taken) throw new Error(JSON.stringify(taken));
  const imports = [{ ...taken, id: "acc-1", resource: "books" }];
  expect(JSON.parse(importFile(imports)).resources).toMatchObject([
    { type: kind.type, inputs: { name: "books", __provider: kind.stub }, outputs: { accountId: "acc-1" } },
  ]);
  const form = { kind: "program", language: "typescript", modules: "commonjs" } as const;
  const program = programText(imports, { names: {}, areLookedUp: true }, await loadNaming(), form);
  expect(program).toContain('new EventBridgeAccount("books", {');
  expect(flowsOfState([{ urn: URN, type: kind.type, outputs: { name: "books" } }], [kind])).toMatchObject([
    { noun: "account", name: "books", to: [{ word: "account", id: "books" }] },
  ]);
  const organisation = new FakeOrganisation().on(/accounts/, () => ({ status: 200, body: {} }));
  const looked = await lookAt(kind, organisation, step.budget);
  expect(findingsOf(looked, [], () => undefined).map(({ check }) => check)).toEqual([
    "EventBridge accounts",
    "permission account:view",
  ]);
});
