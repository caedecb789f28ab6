/** Arguments of a `GenesysCloudProvider`: each becomes its setting, and what is wrong is said at once. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { problemsOf, providerInputs } from "../../../../provider/src/genesysCloudProvider/inputs.js";
import { CONFIG_KEYS } from "../../../../provider/src/settingSchema.js";
import { readSettings } from "../../../../provider/src/settings.js";

const CLIENT = { oauthClientId: "id", oauthClientSecret: "hunter2" };
const LEAST = { region: "eu-central-1", ...CLIENT };
const KEY = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;
/** Every argument, booleans and numbers as such. */
const ALL = {
  ...LEAST,
  accessToken: "token",
  gateway: "https://gw.example.com",
  webhookUrl: "https://hooks.example.com/x",
  webhookSecret: KEY,
  webhookRequired: true,
  webhookAllowPrivate: false,
  webhookFormat: "cloudevents",
  auditLog: "log.jsonl",
  validateReferences: "warn",
  maxRetries: 3,
  requestTimeout: "20s",
};
const later = (value: unknown) => pulumi.output(Promise.resolve(value));
const resolved = <T>(value: pulumi.Input<T>): Promise<T> =>
  new Promise((done) => pulumi.output(value).apply((known) => done(known as T)));
/** The inputs as the engine gets them, and the keys of those that are secret. */
async function sent(name: string, args: object) {
  const inputs = providerInputs(name, args as Record<string, unknown>);
  const secret: string[] = [];
  const config: Record<string, string | undefined> = {};
  for (const [key, value] of Object.entries(inputs)) {
    if (pulumi.Output.isInstance(value) && (await pulumi.isSecret(value))) secret.push(key);
    config[key] = await resolved(value);
  }
  return { config, secret };
}

test("every key of the configuration is an argument, and comes back as its setting", async () => {
  expect(Object.keys(ALL).toSorted()).toEqual(CONFIG_KEYS.toSorted());
  expect(problemsOf("emea", ALL)).toEqual([]);
  const { config, secret } = await sent("emea", ALL);
  expect(readSettings(config, {})).toMatchObject({
    provider: "emea",
    region: "mypurecloud.de",
    gateway: { host: "gw.example.com" },
    credentials: { accessToken: "token" },
    webhookUrl: "https://hooks.example.com/x",
    webhookSecrets: [KEY],
    webhookRequired: true,
    webhookAllowPrivate: false,
    webhookFormat: "cloudevents",
    auditLog: { file: "log.jsonl", otlp: false },
    validateReferences: "warn",
    maxRetries: 3,
    requestTimeoutMs: 20_000,
    warnings: [],
  });
  expect(secret.toSorted()).toEqual([
    "genesyscloud:accessToken",
    "genesyscloud:oauthClientSecret",
    "genesyscloud:webhookSecret",
    "genesyscloud:webhookUrl",
  ]);
});

test("what other resources bring about is passed on, whatever it is, and nothing where it is nothing", async () => {
  const args = {
    region: later("eu-west-1"),
    oauthClientId: Promise.resolve("id"),
    oauthClientSecret: pulumi.secret("hunter2"),
    maxRetries: later(7),
    webhookRequired: later(true),
    webhookUrl: later(undefined),
    auditLog: undefined,
    gateway: null,
  };
  expect(problemsOf("emea", args)).toEqual([]);
  const { config } = await sent("emea", args);
  expect(config).toEqual({
    "genesyscloud:__name": "emea",
    "genesyscloud:region": "eu-west-1",
    "genesyscloud:oauthClientId": "id",
    "genesyscloud:oauthClientSecret": "hunter2",
    "genesyscloud:maxRetries": "7",
    "genesyscloud:webhookRequired": "true",
    "genesyscloud:webhookUrl": undefined,
  });
  expect(readSettings(config, {})).toMatchObject({ maxRetries: 7, webhookRequired: true });
});

const PROVIDER = 'GenesysCloudProvider "emea"';
const ALONE = "it reads nothing of the stack's configuration and no credentials from the environment";

describe("what is known to be wrong is said at once:", () => {
  test.each<[string, object, string[]]>([
    ["a region", { ...LEAST, region: "eu-centrl-1" }, ['region: "eu-centrl-1" is neither an AWS region']],
    ["a gateway", { ...CLIENT, gateway: "ftp://x" }, ["gateway: must be an address such as"]],
    ["a number", { ...LEAST, maxRetries: 100 }, ['maxRetries: "100" is not allowed: it must be an integer']],
    ["a fraction", { ...LEAST, maxRetries: 1.5 }, ['maxRetries: "1.5" is not allowed']],
    ["a word for a flag", { ...LEAST, webhookRequired: "ture" }, ['did you mean "true"?']],
    [
      "a number for a flag",
      { ...LEAST, webhookRequired: 1 },
      ["webhookRequired: must be a boolean, not a number"],
    ],
    ["a flag for a text", { ...LEAST, auditLog: false }, ["auditLog: must be a string, not a boolean"]],
    [
      "a list for a secret",
      { ...LEAST, webhookSecret: [KEY] },
      ["webhookSecret: must be a string, not a list"],
    ],
    ["a duration", { ...LEAST, requestTimeout: "soon" }, ['requestTimeout: "soon" is not allowed']],
    [
      "a mistyped key, and whatever else there is",
      { ...LEAST, regoin: "x", webhookFormat: "xml" },
      [
        'regoin: is not an argument (did you mean "region"?): allowed are region, ',
        'webhookFormat: "xml" is not',
      ],
    ],
    ["the hidden one", { ...LEAST, __name: "x" }, ["__name: is not an argument"]],
    ["no place", CLIENT, [`no region of Genesys Cloud: give it region, an AWS region or a host name`]],
    ["an empty place", { ...CLIENT, region: " " }, ["no region of Genesys Cloud: give it region"]],
    [
      "no credentials",
      { region: "eu-west-1" },
      [
        `no credentials for Genesys Cloud: give it oauthClientId and oauthClientSecret, or accessToken; ${ALONE}`,
      ],
    ],
    [
      "half a client",
      { region: "eu-west-1", oauthClientId: "id" },
      [`oauthClientSecret: is missing, though there is a client id: give both, or accessToken; ${ALONE}`],
    ],
    [
      "the other half",
      { region: "eu-west-1", oauthClientSecret: later("x") },
      ["oauthClientId: is missing, though there is a client secret"],
    ],
  ])("%s", (_, args, said) => {
    const problems = problemsOf("emea", args as Record<string, unknown>);
    expect(problems).toHaveLength(said.length);
    for (const [index, words] of said.entries()) {
      expect(problems[index]).toContain(`${PROVIDER}: `);
      expect(problems[index]).toContain(words);
    }
  });

  test("nothing of a secret is repeated", () => {
    const wrong = {
      ...{ region: "eu-west-1", oauthClientId: "id", oauthClientSecret: "hunter2\u0000hunter2" },
      ...{ webhookUrl: "ftp://hunter2", webhookSecret: "hunter2" },
    };
    const problems = problemsOf("emea", wrong);
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain("hunter2");
  });

  test.each([
    ["default", 'must not begin with "default"'],
    ["default-emea", 'must not begin with "default"'],
    ["", "must be a string that is not empty, not an empty string"],
    [undefined, "must be a string that is not empty, not undefined"],
    [7, "must be a string that is not empty, not a number"],
  ])("the name %j", (name, words) => {
    expect(problemsOf(name, LEAST)).toEqual([expect.stringContaining(words)]);
  });

  test("and nothing where a token, or a client and a gateway, are all there is", () => {
    expect(problemsOf("no-default", { ...CLIENT, gateway: "http://127.0.0.1:1" })).toEqual([]);
    expect(problemsOf("emea", { region: "mypurecloud.de", accessToken: later("t") })).toEqual([]);
  });
});
