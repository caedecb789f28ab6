/**
 * `examples/aws-event-bus` on the real engine, beside a stand-in for the AWS provider: whatever becomes of the integration, the
 * bus has the partner source that there is now.
 */
import { chmod, cp, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { expect, test } from "vitest";
import { controlPlaneOf } from "../support/controlPlane.js";
import { connect, type Organisation, startOrganisation } from "./support/organisation.js";
import { createStack, type Run, type Stack } from "./support/stack.js";

const require = createRequire(import.meta.url);
const example = join(import.meta.dirname, "../../examples/aws-event-bus");

interface AwsResource {
  id: string;
  type: string;
  /** Of a bus: the integration whose source it took. */
  source?: string;
  /** Other for each that was made. */
  made: string;
}

interface Account {
  stack: Stack;
  organisation: Organisation;
  /** What there is in the AWS account. */
  inAws(): Promise<AwsResource[]>;
  /** The id of the organisation's one integration. */
  integration(): Promise<string>;
  /** Changes the program. */
  change(from: string, to: string): Promise<void>;
  /** Has the AWS provider work in another region from now on. */
  moveTo(region: string): void;
}

/** The example as it stands, in a stack of its own, its AWS account empty. */
async function exampleStack(): Promise<Account> {
  const organisation = await startOrganisation();
  const stack = await createStack({ main: "index.ts" });
  let text = await readFile(join(example, "index.ts"), "utf8");
  await connect(stack, organisation);
  const change = async (from: string, to: string): Promise<void> => {
    const before = text;
    text = text.replace(from, to);
    expect(text).not.toBe(before);
    await stack.program(text, "index.ts");
  };
  // A suffix that the program gives stays the same, whatever is replaced.
  await change("  eventFilter:", '  eventSourceSuffix: "voice",\n  eventFilter:');
  await installAws(stack);
  const file = join(stack.folder, "aws-account.json");
  await writeFile(file, "[]");
  const moveTo = (region: string): void => {
    const account = { file, organisation: organisation.url, account: "012345678901", region };
    stack.environment.AWS_STAND_IN = JSON.stringify(account);
  };
  moveTo("eu-central-1");
  return {
    stack,
    organisation,
    inAws: async () => JSON.parse(await readFile(file, "utf8")),
    integration: async () => {
      const { integrations } = await controlPlaneOf(organisation.url)("GET", "state");
      expect(integrations).toHaveLength(1);
      return integrations[0].id;
    },
    change,
    moveTo,
  };
}

/** The AWS package's code, without its types, and the stand-in as its plugin. */
async function installAws(stack: Stack): Promise<void> {
  for (const name of ["@pulumi/aws", "mime"])
    await cp(dirname(require.resolve(`${name}/package.json`)), join(stack.folder, "node_modules", name), {
      recursive: true,
      filter: (path) => ["", ".js", ".json"].includes(extname(path)),
    });
  const plugin = join(stack.folder, "pulumi-resource-aws");
  const provider = join(import.meta.dirname, "support", "awsProvider.cjs");
  await writeFile(plugin, `#!/bin/sh\nexec "${process.execPath}" "${provider}" "$@"\n`);
  await chmod(plugin, 0o755);
  await writeFile(
    join(stack.folder, "Pulumi.yaml"),
    "name: engine-test\nruntime: nodejs\nplugins:\n  providers:\n    - name: aws\n      path: .\n",
  );
  // Checking the types of all of AWS takes longer than the story; `npm run typecheck` has done it.
  stack.environment.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
}

async function well(step: Promise<Run>): Promise<string> {
  const { code, output } = await step;
  expect(code, output).toBe(0);
  return output;
}

/** The one bus that there is, with all that belongs to it; it must have taken the source of the integration that there is. */
async function busOf({ inAws, integration }: Account): Promise<AwsResource | undefined> {
  const all = await inAws();
  const types = ["EventBus", "EventRule", "EventTarget", "LogGroup", "LogResourcePolicy"];
  expect(all.map(({ type }) => type).sort()).toEqual(types);
  const bus = all.find(({ type }) => type === "EventBus");
  expect(bus?.source).toBe(await integration());
  return bus;
}

test("the bus outlives what changes in place, and is made anew with the source whenever the integration is", async () => {
  const account = await exampleStack();
  const { stack, organisation, moveTo, integration, inAws } = account;
  expect(await well(stack.preview("--diff"))).toMatch(
    /eventSourceName: +"aws\.partner\/genesys\.com\/cloud\/[0-9a-f-]{36}\/voice"/,
  );
  await well(stack.up());
  const made = await busOf(account);
  await organisation.forgetCalls();
  await well(stack.preview("--expect-no-changes"));
  expect(await organisation.calls()).toEqual([]);

  await account.change('"v2.users.{id}.presence", ', "");
  // The source's name is foretold: what hangs on it is not shown as to be replaced.
  const preview = await well(stack.preview());
  expect(preview).toMatch(/~ 1 to update/);
  expect(preview).not.toContain("to replace");
  await well(stack.up());
  expect(await busOf(account)).toEqual(made);

  moveTo("eu-west-1");
  await well(stack.up());
  const moved = await busOf(account);
  expect(moved).toMatchObject({ id: made?.id });
  expect(moved?.source).not.toBe(made?.source);

  await controlPlaneOf(organisation.url)("DELETE", `integrations/${await integration()}`);
  await well(stack.refresh());
  await well(stack.up());
  expect(await busOf(account)).toMatchObject({ id: made?.id });

  await well(stack.destroy());
  expect(await inAws()).toEqual([]);
});
