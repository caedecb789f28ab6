/** The templates for `pulumi new`: what they ask for is what the package takes, and their dependencies are its own. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import providerPackage from "../../provider/package.json" with { type: "json" };
import { CONFIG_KEYS } from "../../provider/src/settingSchema.js";

const TEMPLATES = join(import.meta.dirname, "../../templates");

interface Asked {
  description: string;
  default?: string;
  secret?: boolean;
}

describe.each(readdirSync(TEMPLATES))("%s", (name) => {
  const read = (file: string) => readFileSync(join(TEMPLATES, name, file), "utf8");
  const { template, ...project } = parse(read("Pulumi.yaml")) as {
    template: { displayName: string; description: string; quickstart: string; config: Record<string, Asked> };
  };
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));

  test("becomes the project that it is asked to be, and says how it goes on", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what the CLI puts the project's words in the place of
    expect(project).toEqual({ name: "${PROJECT}", description: "${DESCRIPTION}", runtime: "nodejs" });
    expect(template.quickstart).toMatch(/pulumi up\n$/);
  });

  test("asks for settings of the package or of its program, each described, and what is secret as a secret", () => {
    const program = read("index.ts");
    for (const [key, { description, secret = false }] of Object.entries(template.config)) {
      const own = key.replace(/^genesyscloud:/, "");
      const isKnown = own === key ? program.includes(`"${key}"`) : CONFIG_KEYS.includes(own as never);
      expect({ key, isKnown, secret }).toEqual({ key, isKnown: true, secret: /secret/i.test(key) });
      expect(description).toMatch(/^[A-Z].{10,}$/);
    }
  });

  test("takes this version of the package, and of what it stands on", () => {
    const [major, minor] = providerPackage.version.split(".");
    expect(dependencies["pulumi-genesyscloud-eventbridge"]).toBe(`^${major}.${minor}.0`);
    if (devDependencies.fastify !== undefined)
      expect(devDependencies.fastify).toBe(providerPackage.peerDependencies.fastify);
  });
});

test.each(["README.md", "docs/command-line.md"])(
  "%s finds a template from the folder that it is in",
  (page) => {
    const text = readFileSync(join(TEMPLATES, "..", page), "utf8");
    const lines = [...text.matchAll(/pulumi new ([^`\n]+)/g)].map(([, words]) => words);
    // With --dir the CLI would look from that folder, where the path leads nowhere.
    const known = readdirSync(TEMPLATES).map(
      (name) => `../node_modules/${providerPackage.name}/templates/${name}`,
    );
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((words) => !known.includes(String(words)))).toEqual([]);
  },
);

test("the program for an organisation sends to the account and the region that its settings name", async () => {
  const registered: Record<string, unknown>[] = [];
  pulumi.runtime.setAllConfig({
    "events:awsAccountId": "012345678901",
    "events:awsAccountRegion": "eu-west-1",
  });
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => {
        registered.push(inputs);
        return { id: `${name}-id`, state: inputs };
      },
      call: () => ({}),
    },
    "events",
  );
  await import("../../templates/eventbridge-typescript/index.js");
  await pulumi.runtime.disconnect();
  expect(registered).toMatchObject([
    { awsAccountId: "012345678901", awsAccountRegion: "eu-west-1", eventFilter: expect.any(Array) },
  ]);
});
