/** Several organisations in one stack: each has a provider of its own, and what was made in one stays there. */
import { join } from "node:path";
import { type Sandbox, startSandbox } from "genesyscloud-sandbox";
import { expect, onTestFinished, test } from "vitest";
import { controlPlaneOf } from "../support/controlPlane.js";
import { MINIMAL } from "./support/organisation.js";
import { createStack, fails, type Stack, succeeds } from "./support/stack.js";

interface OAuthClient {
  id: string;
  secret: string;
}

/** An organisation whose OAuth client can be exchanged for another, at the same address. */
interface Rotating {
  gateway: string;
  client: OAuthClient;
  /** The calls since the last time, without ids and queries; logins left out. */
  calls(): Promise<string[]>;
  names(): Promise<string[]>;
  /** Adds a source that Pulumi knows nothing of; its id. */
  add(name: string): Promise<string>;
  rotate(client: OAuthClient): Promise<void>;
}

async function startRotating(stack: Stack, name: string): Promise<Rotating> {
  const start = ({ id: clientId, secret: clientSecret }: OAuthClient, port = 0): Promise<Sandbox> =>
    startSandbox({
      ...{ control: true, jobDurationMs: 50, stateFile: join(stack.folder, `${name}.json`) },
      ...{ organizationId: `org-${name}`, clientId, clientSecret, port },
    });
  let client = { id: `client-${name}`, secret: `secret-of-${name}-1` };
  let sandbox = await start(client);
  onTestFinished(() => sandbox.close());
  const gateway = sandbox.url;
  const control = controlPlaneOf(gateway);
  return {
    gateway,
    get client() {
      return client;
    },
    calls: async () => {
      const requests: { method: string; path: string; status: number }[] = await control("GET", "requests");
      await control("DELETE", "requests");
      return requests
        .filter(({ path }) => path !== "/oauth/token")
        .map(({ method, path, status }) => `${method} ${path.replace(/\?.*/, "")} ${status}`)
        .map((call) => call.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "*"));
    },
    names: async () => {
      const { sources, integrations } = await control("GET", "state");
      return [...sources, ...integrations].map((each) => each.name).toSorted();
    },
    add: async (of) => (await control("POST", "sources", { ...AS_MADE, name: of })).source_id,
    rotate: async (other) => {
      await sandbox.close();
      client = other;
      sandbox = await start(other, Number(new URL(gateway).port));
    },
  };
}

/** A source by hand that is as a program of no more than the least would have it. */
const AS_MADE = {
  description: "Managed by Pulumi",
  event_topic_id: MINIMAL.eventTopicId,
  targets: [{ target_id: "target-crm", priority: 1 }],
};

const SOURCE = JSON.stringify({ ...MINIMAL, name: "source" });
const VOICE = JSON.stringify({
  ...{ awsAccountId: "012345678901", awsAccountRegion: "eu-central-1" },
  ...{ eventFilter: ["v2.users.{id}.presence"], name: "voice" },
});

/** The arguments of a provider. The secret is known once another resource is there, where it is said which. */
const argsOf = ({ gateway, client: { id, secret } }: Rotating, after?: string): string =>
  `{ gateway: "${gateway}", oauthClientId: "${id}", oauthClientSecret: ${after === undefined ? `"${secret}"` : `${after}.id.apply(() => "${secret}")`}, maxRetries: 2, webhookAllowPrivate: true }`;

/** A program of two organisations. `source` and `voice` get these options; what is in the component is of `apac`. */
const programOf = (
  { emea, apac }: Record<"emea" | "apac", Rotating>,
  { source = "{}", voice = "{}", more = "" }: { source?: string; voice?: string; more?: string },
): string => `
const pulumi = require("@pulumi/pulumi");
const { EventBridgeSource, EventBridgeIntegration, GenesysCloudProvider } = require("pulumi-genesyscloud-eventbridge");
class Events extends pulumi.ComponentResource {
  constructor(name, options) {
    super("shop:index:Events", name, {}, options);
    new EventBridgeSource("there", ${SOURCE}, { parent: this });
  }
}
const emea = new GenesysCloudProvider("emea", ${argsOf(emea)});
const apac = new GenesysCloudProvider("apac", ${argsOf(apac, "emea")});
new EventBridgeSource("source", ${SOURCE}, ${source});
new EventBridgeIntegration("voice", ${VOICE}, ${voice});
new Events("events", { providers: [apac] });
${more}
`;

const WHICH_ORGANISATION = "GET /api/v2/organizations/me 200";
const LOOK = "GET /api/v2/eventbridge/sources/*";

test("two organisations in one stack: credentials rotate, providers change, and nothing leaves its organisation unawares", async () => {
  const stack = await createStack();
  const emea = await startRotating(stack, "emea");
  const apac = await startRotating(stack, "apac");
  const both = { emea, apac };
  const write = (options: Parameters<typeof programOf>[1], of = both) =>
    stack.program(programOf(of, options));
  const calls = async () => ({ emea: await emea.calls(), apac: await apac.calls() });
  const names = async () => ({ emea: await emea.names(), apac: await apac.names() });
  const programIsGone = () => stack.program('throw new Error("there is no program");');
  const inEmea = { source: "{ provider: emea }", voice: "{ provider: emea }" };
  // Those of the first are the stack's own, too. An explicit provider uses nothing of this.
  await stack.config(
    { "genesyscloud:gateway": emea.gateway, "genesyscloud:oauthClientId": emea.client.id },
    { "genesyscloud:oauthClientSecret": emea.client.secret },
  );
  stack.environment.GENESYSCLOUD_OAUTHCLIENT_SECRET = "of nobody";

  // What exists is read, or imported, through the provider that knows it.
  const [read, taken] = [await apac.add("only read"), await apac.add("taken")];
  const imported = (option = "") =>
    `new EventBridgeSource("taken", { ...${SOURCE}, name: "taken" }, { provider: apac${option} });`;
  const get = `exports.read = EventBridgeSource.get("read", "${read}", { provider: apac }).name;`;
  await write({ more: `${get} ${imported(`, import: "${taken}"`)}` });
  expect(await succeeds(stack.up())).toMatch(/read: "only read"/);
  const everything = { emea: ["source", "voice"], apac: ["only read", "source", "taken"] };
  expect(await names()).toEqual(everything);
  const made = await calls();
  const posts = (of: string[]) => of.filter((call) => call.startsWith("POST"));
  expect(posts(made.emea)).toHaveLength(2);
  expect(posts(made.apac)).toHaveLength(1);
  expect(await stack.everythingStored()).not.toMatch(/secret-of-/);

  // From the stack's own provider to an explicit one of the same organisation: nothing happens. Another client of the same
  // organisation: one call tells that it is the same.
  const more = imported();
  await apac.rotate({ id: "client-apac-2", secret: "secret-of-apac-2" });
  await write({ ...inEmea, more });
  expect(await succeeds(stack.up())).toMatch(/Resources:\n *~ 1 updated\n *7 unchanged/);
  expect(await calls()).toEqual({ emea: [], apac: [WHICH_ORGANISATION] });

  // To another organisation: an error that says so, and nothing of the stack is forgotten by what follows.
  await write({ ...inEmea, voice: "{ provider: apac }", more });
  expect(await fails(stack.preview())).toMatch(
    /EventBridge integration "voice" \(id \S+\) is in the organisation org-emea, to which the GenesysCloudProvider "apac" does not lead\. Nothing can move it/,
  );
  await write({ ...inEmea, source: "{ provider: apac }", more });
  expect(await fails(stack.up())).toMatch(
    /EventBridge source "source" \(id \S+\) is not found through the GenesysCloudProvider "apac": it was made or changed through other credentials/,
  );
  const moving = await calls();
  expect(moving.emea).toEqual([]);
  expect(new Set(moving.apac)).toEqual(new Set([WHICH_ORGANISATION, `${LOOK} 404`]));
  await programIsGone();
  expect(await succeeds(stack.refresh("--expect-no-changes"))).toMatch(/Resources:\n *8 unchanged/);
  const refreshed = await calls();
  expect(refreshed.emea.toSorted()).toEqual([
    `${LOOK} 200`,
    "GET /api/v2/integrations/* 200",
    WHICH_ORGANISATION,
  ]);
  expect(refreshed.apac).toEqual([`${LOOK} 200`, `${LOOK} 200`]);

  // A provider that is given the credentials of another organisation: what is not found there is not gone.
  await write({ ...inEmea, more }, { emea: apac, apac });
  const misled =
    /EventBridge (source|integration) "\w+" \(id \S+\) is (not found through|in the organisation)/;
  expect(await fails(stack.up())).toMatch(misled);
  await programIsGone();
  const kept = await fails(stack.refresh());
  expect(kept).toMatch(
    /EventBridge source "source" \(id \S+\) is not found at 127\.0\.0\.1: it was made or changed through other credentials, which may be those of another organisation, and stays in the stack's state\. Set the credentials of the GenesysCloudProvider "emea" to what they were/,
  );
  expect(await names()).toEqual(everything);

  expect((await stack.command("doctor")).stdout).toMatch(
    /^skipped {2}providers +emea, apac: what is looked at/m,
  );

  // By force it is made anew in the one and deleted in the other, each through its provider.
  await write({ ...inEmea, voice: "{ provider: apac }", more });
  const voice = (await stack.resources()).find(({ urn }) => urn.endsWith("::voice"))?.urn ?? "";
  await succeeds(stack.up("--replace", voice));
  expect(await names()).toEqual({ emea: ["source"], apac: ["only read", "source", "taken", "voice"] });

  await programIsGone();
  await succeeds(stack.destroy());
  expect(await names()).toEqual({ emea: [], apac: ["only read"] });
  expect((await stack.command("audit", "verify")).code).toBe(0);
  expect(await stack.everythingStored()).not.toMatch(/secret-of-/);
});
