/** The package's command line as users have it: doctor, the sandbox, and what is said where usage is wrong. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { connect, startOrganisation } from "./support/organisation.js";
import { createStack } from "./support/stack.js";

test("doctor looks at a stack: all is well, or a line each with what to mend and exit code 1", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  const well = await stack.command("doctor");
  expect(well.code, well.stdout).toBe(0);
  expect(well.stdout).toMatch(
    /^ok {7}Node .*\nok {7}Pulumi CLI .*\nok {7}language-nodejs .*\nok {7}resource-pulumi-nodejs .*\nok {7}Pulumi SDK .*\nok {7}packages .*\nok {7}TypeScript +5.*\nok {7}ts-node +10.*\nok {7}stack .*\nok {7}settings /,
  );
  expect(well.stdout).not.toContain("\u001b");
  expect(well.stdout).not.toContain("FAILED");

  await organisation.settings({ scopes: ["eventbridge:source:read"] });
  const ill = await stack.command("doctor");
  expect(ill.code).toBe(1);
  expect(ill.stdout).toMatch(
    /^FAILED {3}scope asyncapi:job:read .* the scope asyncapi:job:read \(Genesys Cloud Admin/m,
  );
  const json = JSON.parse((await stack.command("doctor", "--json")).stdout);
  expect(json.ok).toBe(false);
  expect(json.checks).toContainEqual({ check: "credentials", state: "ok", message: "the login succeeds" });

  await stack.config({ "genesyscloud:regoin": "eu-central-1" });
  const mistyped = await stack.command("doctor");
  expect(mistyped.code).toBe(1);
  expect(mistyped.stdout).toMatch(
    /^FAILED {3}settings .*regoin: is not a configuration key \(did you mean "region"\?\)/m,
  );
});

test("sandbox serves an organisation out of the packed package until it is interrupted", async () => {
  const bin = join(inject("installed"), "node_modules", ".bin", "genesyscloud-eventbridge");
  const child = spawn(bin, ["sandbox", "--control", "--json"], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [text] = await once(child.stdout.setEncoding("utf8"), "data");
  const { url } = JSON.parse(text);
  expect(await (await fetch(`${url}/__sandbox/health`)).json()).toEqual({ status: "ok" });
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test.each([
  [[], "doctor"],
  [["import"], "import --all --code --run"],
  [["doctor"], "doctor --stack production"],
  [["sandbox"], "sandbox --port 8080"],
  [["audit", "verify"], "audit verify --head"],
  [["audit", "show"], "audit show --resource"],
  [["audit", "repair"], "audit repair"],
  [["webhook", "list"], "webhook list"],
  [["webhook", "redeliver"], "webhook redeliver"],
  [["webhook", "test"], "webhook test --stack production"],
  [["graph"], "graph --from preview"],
])("%j --help shows examples, without colours where there is no terminal", async (command, example) => {
  const stack = await createStack();
  const help = await stack.command(...command, "--help");
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toContain(`Examples:\n`);
  expect(help.stdout).toContain(`$ genesyscloud-eventbridge ${example}`);
  expect(help.stdout).not.toContain("\u001b");
});

test("what is wrong with the usage goes to standard error, with exit code 2", async () => {
  const stack = await createStack();
  for (const args of [["nope"], ["doctor", "--nope"], ["sandbox", "--port", "x"], []]) {
    const run = await stack.command(...args);
    expect(run, args.join()).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).not.toBe("");
  }
});
