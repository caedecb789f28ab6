import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CONFIG_KEYS,
  clientOptions,
  readSettings,
  type Settings,
  SettingsError,
} from "../../../provider/src/settings.js";

const DEFAULTS = {
  validateReferences: "error",
  maxRetries: 5,
  requestTimeoutMs: 10_000,
  webhookSecrets: [],
  webhookRequired: false,
  webhookAllowPrivate: false,
  webhookFormat: "plain",
  auditLog: { file: "audit_logs.jsonl", otlp: false },
};

const KEY = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;
const OTHER_KEY = `whsec_${Buffer.alloc(64, 2).toString("base64")}`;

const config = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`genesyscloud:${key}`, value]));

function problemsOf(values: Record<string, string>, environment: Record<string, string> = {}): string[] {
  try {
    readSettings(config(values), environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

test("with nothing set there are the defaults and nothing else", () => {
  expect(readSettings({}, {})).toEqual(DEFAULTS);
});

test("every key of the documentation is accepted", () => {
  const settings = readSettings(
    config({
      region: "eu-central-1",
      oauthClientId: "id",
      oauthClientSecret: "secret",
      gateway: "http://127.0.0.1:8080",
      webhookUrl: "https://hooks.example.com/x",
      webhookSecret: `${KEY}  ${OTHER_KEY}`,
      webhookRequired: "true",
      webhookAllowPrivate: "false",
      webhookFormat: "cloudevents",
      auditLog: "logs/audit.jsonl, otlp",
      validateReferences: "warn",
      maxRetries: "0",
      requestTimeout: "90s",
    }),
    {},
  );
  expect(settings).toEqual({
    region: "mypurecloud.de",
    gateway: { protocol: "http", host: "127.0.0.1", port: 8080, loginPath: "", apiPath: "" },
    credentials: { clientId: "id", clientSecret: "secret" },
    webhookUrl: "https://hooks.example.com/x",
    webhookSecrets: [KEY, OTHER_KEY],
    webhookRequired: true,
    webhookAllowPrivate: false,
    webhookFormat: "cloudevents",
    auditLog: { file: "logs/audit.jsonl", otlp: true },
    validateReferences: "warn",
    maxRetries: 0,
    requestTimeoutMs: 90_000,
  });
  expect(readSettings(config({ accessToken: "t" }), {}).credentials).toEqual({ accessToken: "t" });
  expect(CONFIG_KEYS).toHaveLength(14);
});

describe("environment", () => {
  test.each([
    [{ GENESYSCLOUD_REGION: "eu-west-1", GENESYS_ENVIRONMENT: "mypurecloud.jp" }, "mypurecloud.ie"],
    [{ GENESYS_ENVIRONMENT: "mypurecloud.jp" }, "mypurecloud.jp"],
    [{ GENESYSCLOUD_REGION: "", GENESYS_ENVIRONMENT: "mypurecloud.jp" }, "mypurecloud.jp"],
  ])("of %j the region is %s", (environment, region) =>
    expect(readSettings({}, environment).region).toBe(region),
  );

  const PREFERRED = { GENESYSCLOUD_OAUTHCLIENT_ID: "a", GENESYSCLOUD_OAUTHCLIENT_SECRET: "b" };
  const ALIASES = { GENESYS_CLIENT_ID: "c", GENESYS_CLIENT_SECRET: "d" };
  test.each([
    [
      { ...ALIASES, ...PREFERRED },
      { clientId: "a", clientSecret: "b" },
    ],
    [ALIASES, { clientId: "c", clientSecret: "d" }],
    [{ GENESYSCLOUD_ACCESS_TOKEN: "t", ...PREFERRED }, { accessToken: "t" }],
    [{}, undefined],
  ])("of %j the credentials are %j", (environment, credentials) =>
    expect(readSettings({}, environment).credentials).toEqual(credentials),
  );

  test("the stack's configuration wins over every variable", () => {
    const settings = readSettings(
      config({
        region: "mypurecloud.de",
        oauthClientId: "1",
        oauthClientSecret: "2",
        webhookUrl: "https://a.example",
      }),
      { ...PREFERRED, GENESYSCLOUD_REGION: "eu-west-1", EXTERNAL_WEBHOOK_URL: "https://b.example" },
    );
    expect(settings).toMatchObject({
      region: "mypurecloud.de",
      credentials: { clientId: "1", clientSecret: "2" },
      webhookUrl: "https://a.example",
    });
    expect(readSettings({}, { EXTERNAL_WEBHOOK_URL: "https://b.example" }).webhookUrl).toBe(
      "https://b.example",
    );
  });

  test("an id from the one and a secret from the other make credentials", () => {
    const settings = readSettings(config({ oauthClientId: "1" }), { GENESYS_CLIENT_SECRET: "2" });
    expect(settings.credentials).toEqual({ clientId: "1", clientSecret: "2" });
  });
});

describe("gateway", () => {
  test.each([
    ["https://gw.example.com", { protocol: "https", host: "gw.example.com", loginPath: "", apiPath: "" }],
    [
      "https://gw.example.com:8443/genesys/",
      {
        protocol: "https",
        host: "gw.example.com",
        port: 8443,
        loginPath: "/genesys",
        apiPath: "/genesys",
      },
    ],
    ["http://[::1]:80", { protocol: "http", host: "[::1]", loginPath: "", apiPath: "" }],
  ])("%s", (gateway, expected) => expect(readSettings(config({ gateway }), {}).gateway).toEqual(expected));

  test.each([
    "gw.example.com",
    "ftp://gw.example.com",
    "https://user:pw@gw.example.com",
    "https://gw.example.com/?a=1",
    "https://gw.example.com/#a",
    "",
  ])("%j is none", (gateway) => {
    const problems = problemsOf({ gateway });
    expect(problems).toEqual([
      expect.stringMatching(/^genesyscloud:gateway: must be an address such as "https:/),
    ]);
    expect(problems.join()).not.toContain("pw");
  });

  const HOST = { GENESYSCLOUD_GATEWAY_HOST: "gw.example.com" };
  test.each([
    [HOST, { protocol: "https", host: "gw.example.com", loginPath: "", apiPath: "" }],
    [
      { ...HOST, GENESYSCLOUD_GATEWAY_PROTOCOL: "http", GENESYSCLOUD_GATEWAY_PORT: "8080" },
      { protocol: "http", host: "gw.example.com", port: 8080, loginPath: "", apiPath: "" },
    ],
    [
      { ...HOST, GENESYSCLOUD_GATEWAY_PATH_NAME: "login", GENESYSCLOUD_GATEWAY_PATH_VALUE: "/in" },
      { protocol: "https", host: "gw.example.com", loginPath: "/in", apiPath: "" },
    ],
    [
      { ...HOST, GENESYSCLOUD_GATEWAY_PATH_NAME: "api", GENESYSCLOUD_GATEWAY_PATH_VALUE: "/api" },
      { protocol: "https", host: "gw.example.com", loginPath: "", apiPath: "/api" },
    ],
    [{ GENESYSCLOUD_GATEWAY_PORT: "8080" }, undefined],
  ])("the variables %j", (environment, expected) =>
    expect(readSettings({}, environment).gateway).toEqual(expected),
  );

  test.each([
    { GENESYSCLOUD_GATEWAY_HOST: "gw.example.com", GENESYSCLOUD_GATEWAY_PORT: "many" },
    { GENESYSCLOUD_GATEWAY_HOST: "gw.example.com", GENESYSCLOUD_GATEWAY_PROTOCOL: "ftp" },
    // Taken as it is, this would send the credentials to a host called "https".
    { GENESYSCLOUD_GATEWAY_HOST: "https://gw.example.com" },
    { GENESYSCLOUD_GATEWAY_HOST: "gw.example.com/path" },
  ])("the variables %j make none", (environment) =>
    expect(problemsOf({}, environment as unknown as Record<string, string>)).toEqual([
      expect.stringContaining("GENESYSCLOUD_GATEWAY_HOST: "),
    ]),
  );
});

describe("mistakes", () => {
  test("an unknown key names the nearest right one; other namespaces are not ours", () => {
    expect(problemsOf({ oauthClientID: "x" })[0]).toMatch(
      /^genesyscloud:oauthClientID: is not a configuration key \(did you mean "oauthClientId"\?\): allowed are region, /,
    );
    expect(readSettings({ "aws:regoin": "x", "shop:genesyscloud:x": "y" }, {})).toEqual(DEFAULTS);
  });

  test.each([
    [{ region: "eu-centrl-1" }, /^genesyscloud:region: "eu-centrl-1" is neither .*"eu-central-1"/],
    [{ region: "" }, /^genesyscloud:region: /],
    [
      { validateReferences: "wran" },
      /"wran" is not allowed \(did you mean "warn"\?\): it must be one of error, warn, off$/,
    ],
    [{ webhookRequired: "yes" }, /"yes" is not allowed.*true, false$/],
    [{ maxRetries: "-1" }, /"-1" is not allowed: it must be an integer from 0 to 99$/],
    [{ maxRetries: "100" }, /integer from 0 to 99/],
    [{ maxRetries: "1.5" }, /integer from 0 to 99/],
    [{ requestTimeout: "10" }, /"10" is not allowed: it must be a duration such as/],
    [{ oauthClientId: "", oauthClientSecret: "x" }, /^genesyscloud:oauthClientId: is empty$/],
    [{ accessToken: "" }, /^genesyscloud:accessToken: is empty$/],
  ])("%j", (values, message) =>
    expect(problemsOf(values as unknown as Record<string, string>)[0]).toMatch(message),
  );

  test("a problem in a variable names the variable", () => {
    expect(problemsOf({}, { GENESYS_ENVIRONMENT: "nowhere" })[0]).toMatch(/^GENESYS_ENVIRONMENT: "nowhere"/);
  });

  test("half a pair of credentials names the missing half and how to set it", () => {
    expect(problemsOf({ oauthClientId: "id" })).toEqual([
      expect.stringMatching(/^genesyscloud:oauthClientSecret: is missing.*--secret.*_OAUTHCLIENT_SECRET$/),
    ]);
    expect(problemsOf({ oauthClientSecret: "hunter2" })).toEqual([
      expect.stringMatching(/^genesyscloud:oauthClientId: is missing.*GENESYSCLOUD_OAUTHCLIENT_ID$/),
    ]);
  });

  test("all of them are reported at once", () => {
    const problems = problemsOf(
      { regoin: "x", maxRetries: "x", requestTimeout: "x", webhookRequired: "x", oauthClientId: "x" },
      { EXTERNAL_WEBHOOK_URL: "nowhere" },
    );
    expect(problems.map((problem) => problem.split(": ")[0])).toEqual([
      "genesyscloud:regoin",
      "genesyscloud:oauthClientSecret",
      "EXTERNAL_WEBHOOK_URL",
      "genesyscloud:webhookRequired",
      "genesyscloud:maxRetries",
      "genesyscloud:requestTimeout",
    ]);
  });

  test("no message repeats a secret, whatever it is", () => {
    const secrets = ["oauthClientSecret", "accessToken", "webhookUrl", "webhookSecret"];
    fc.assert(
      fc.property(fc.constantFrom(...secrets), fc.string(), (key, noise) => {
        const secret = `s3cr3t${noise}`;
        const said = [
          ...problemsOf({ [key]: secret, regoin: "x" }),
          ...problemsOf({ regoin: "x" }, { EXTERNAL_WEBHOOK_URL: secret, GENESYS_CLIENT_SECRET: secret }),
        ];
        expect(said.join("\n")).not.toContain("s3cr3t");
      }),
    );
  });
});

describe("where audit records go", () => {
  test.each([
    ["off", { otlp: false }],
    ["otlp", { file: "audit_logs.jsonl", otlp: true }],
    ["/var/log/audit.jsonl", { file: "/var/log/audit.jsonl", otlp: false }],
    ["otlp,a.jsonl", { file: "a.jsonl", otlp: true }],
  ])("%s", (auditLog, expected) => {
    expect(readSettings(config({ auditLog }), {}).auditLog).toEqual(expected);
    expect(readSettings({}, { GENESYSCLOUD_AUDIT_LOG: auditLog }).auditLog).toEqual(expected);
  });

  test.each(["", ",", "a.jsonl,b.jsonl", "off,otlp", "otlp,otlp", "off,a.jsonl"])(
    "%j is refused, and what is allowed is said",
    (auditLog) => {
      expect(problemsOf({ auditLog })).toEqual([
        `genesyscloud:auditLog: "${auditLog}" is not allowed: it must be the path of a file, "off", "otlp", or a path and "otlp" separated by a comma`,
      ]);
    },
  );
});

describe("signing secrets", () => {
  test("come from the environment, too", () => {
    expect(readSettings({}, { GENESYSCLOUD_WEBHOOK_SECRET: KEY }).webhookSecrets).toEqual([KEY]);
  });

  test.each([
    "plain",
    "whsec_",
    `whsec_${Buffer.alloc(23).toString("base64")}`,
    `whsec_${Buffer.alloc(65).toString("base64")}`,
    `${KEY} plain`,
    `${KEY}=`,
  ])("that are none are refused: %s", (webhookSecret) => {
    expect(problemsOf({ webhookSecret })).toEqual([
      expect.stringContaining('must be "whsec_" and the base64'),
    ]);
  });
});

describe("settings that are not enough to reach the platform", () => {
  const enough = readSettings(config({ region: "mypurecloud.de", accessToken: "t" }), {});

  test.each<[Partial<Settings>, string]>([
    [{ credentials: undefined }, "no credentials for Genesys Cloud: set genesyscloud:oauthClientId"],
    [{ region: undefined }, "no region of Genesys Cloud: set genesyscloud:region"],
  ])("%j", (settings, message) => {
    expect(() => clientOptions({ ...enough, ...settings })).toThrow(SettingsError);
    expect(() => clientOptions({ ...enough, ...settings })).toThrow(message);
  });

  test("a gateway does without a region", () => {
    const gateway = { protocol: "http", host: "127.0.0.1", loginPath: "", apiPath: "" } as const;
    expect(() => clientOptions({ ...enough, region: undefined, gateway })).not.toThrow();
  });
});

test.each(["oauthClientSecret", "accessToken", "webhookSecret", "webhookUrl"])(
  "a %s that no server would take for its length is refused, and not shown",
  (key) => {
    const long = `https://hooks.example/${"planted".repeat(1_500)}`;
    expect(() => readSettings({ [`genesyscloud:${key}`]: long }, {})).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          new RegExp(`^genesyscloud:${key}: (?!.*planted).*(8192|2048) characters`),
        ),
      }),
    );
  },
);
