/** Configuration as people write it: with keys of others in the namespace, empty values, and blanks that were pasted along. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect, MINIMAL, sourceProgram, startOrganisation } from "./support/organisation.js";
import { createStack } from "./support/stack.js";

test("a project that is called like the namespace runs with its own keys and those of the bridged provider", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack({ project: "genesyscloud" });
  await connect(stack, organisation);
  await stack.config({
    "genesyscloud:environment": "dev",
    "genesyscloud:awsRegion": "eu-west-1",
    "genesyscloud:oauthclientId": "theirs",
    "genesyscloud:sdkDebug": "true",
    "genesyscloud:region": "",
    "genesyscloud:oauthClientId": "\u00a0sandbox-client",
  });
  await stack.config({}, { "genesyscloud:oauthClientSecret": "sandbox-secret\r\n" });
  await stack.program(sourceProgram({ ...MINIMAL, webhookUrl: "http://127.0.0.1:9/hook\r\n" }));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  expect(up.output).not.toMatch(/not known|configuration key|Terraform/);
  expect((await organisation.sources()).map(({ webhook_url }) => webhook_url)).toEqual([
    "http://127.0.0.1:9/hook",
  ]);

  // What cannot be looked at at all is one line, and what comes after it is looked at.
  const outbox = join(stack.folder, "audit_logs.outbox");
  await rm(outbox, { recursive: true });
  await writeFile(outbox, "a file in the place of a folder");
  const doctor = await stack.command("doctor");
  expect(doctor.stdout).toMatch(
    /^warning {2}settings .*genesyscloud:oauthClientId begins with a blank of another kind \(U\+00A0\), which is taken off/m,
  );
  expect(doctor.stdout).toMatch(
    /^warning {2}settings .*genesyscloud:oauthClientSecret ends in a line break/m,
  );
  expect(doctor.stdout).toMatch(/^ok {7}credentials /m);
  expect(doctor.stdout).not.toMatch(/not known/);
  expect(doctor.stdout).toMatch(/^FAILED {3}outbox /m);
  expect(doctor.stdout).toMatch(/^ok {7}interrupted creates /m);
  expect(doctor.stdout).toMatch(/^\w+ +webhook signature /m);
});

test("a key that nobody is known to read is one warning in a whole up, preview included", async () => {
  const organisation = await startOrganisation();
  const stack = await createStack();
  await connect(stack, organisation);
  await stack.config({ "genesyscloud:environment": "dev", "genesyscloud:sdkDebug": "true" });
  await stack.program(sourceProgram(MINIMAL));
  const up = await stack.pulumi("up", "--yes");
  expect(up.code, up.output).toBe(0);
  // The CLI shows each line as it comes, and again in the list at the end of the preview and of the update.
  expect(up.output.match(/^ +warning: genesyscloud:environment: not known to this package/gm)).toHaveLength(
    1,
  );
});
