/** What the configuration, the environment and an explicit provider may say, which counts, and what is wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseGateway } from "../../../provider/src/gateway.js";
import { isOfProvider, journalPlaceOf, loginPrint } from "../../../provider/src/settingPlaces.js";
import { CONFIG_KEYS, type SettingKey } from "../../../provider/src/settingSchema.js";
import {
  clientOptions,
  readAuditTargets,
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
  warnings: [],
  tidied: [],
  keys: [],
};

const KEY = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;
const OTHER_KEY = `whsec_${Buffer.alloc(64, 2).toString("base64")}`;

/** White space, and what it is called. */
const BLANKS: [string, string][] = [
  ["\n", "a line break"],
  ["\r\n", "a line break"],
  ["\u2028", "a line break"],
  [" ", "a blank"],
  ["\t", "a tab"],
  ["\u00a0", "a blank of another kind (U+00A0)"],
  ["\u3000", "a blank of another kind (U+3000)"],
];
/** What nobody sees in a page or an editor. */
const UNSEEN: [string, string][] = [
  ["\ufeff", "a character that is not seen (U+FEFF)"],
  ["\u200b", "a character that is not seen (U+200B)"],
  ["\u00ad", "a character that is not seen (U+00AD)"],
  ["\u202e", "a character that is not seen (U+202E)"],
  ["\u{e0041}", "a character that is not seen (U+E0041)"],
  ["\u0000", "a control character (U+0000)"],
  ["\u001b", "a control character (U+001B)"],
  ["\u0085", "a line break"],
];
/** What may stand around a value. */
const EDGES = fc
  .array(fc.constantFrom(...BLANKS.map(([sign]) => sign), "\ufeff", "\u200b", "\u2060"), { maxLength: 3 })
  .map((signs) => signs.join(""));

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
    warnings: [],
    tidied: [],
    keys: CONFIG_KEYS.filter((key) => key !== "accessToken"),
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
  test("with a million slashes in it is read as soon as any other", () => {
    const path = `${"/".repeat(1_000_000)}x`;
    expect(parseGateway(`http://127.0.0.1:8080${path}`)?.apiPath).toBe(path);
  });

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
    [
      { validateReferences: "wran" },
      /"wran" is not allowed \(did you mean "warn"\?\): it must be one of error, warn, off$/,
    ],
    [{ webhookRequired: "yes" }, /"yes" is not allowed.*true, false$/],
    [{ maxRetries: "-1" }, /"-1" is not allowed: it must be an integer from 0 to 99$/],
    [{ maxRetries: "100" }, /integer from 0 to 99/],
    [{ maxRetries: "1.5" }, /integer from 0 to 99/],
    [{ requestTimeout: "10" }, /"10" is not allowed: it must be a duration such as/],
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

  test("half of a pair that is there and wrong is not missing", () => {
    expect(problemsOf({ oauthClientId: "id", oauthClientSecret: "hun ter2" })).toEqual([
      expect.stringMatching(/^genesyscloud:oauthClientSecret: has a blank inside/),
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

/** What each key can be. */
const GOOD: Record<SettingKey, string> = {
  region: "eu-central-1",
  oauthClientId: "0e6f-id",
  oauthClientSecret: "s3cr3t",
  accessToken: "t0ken",
  gateway: "https://gw.example.com:8443/genesys",
  webhookUrl: "https://hooks.example.com/s3cr3t",
  webhookSecret: KEY,
  webhookRequired: "true",
  webhookAllowPrivate: "false",
  webhookFormat: "cloudevents",
  auditLog: "logs/audit.jsonl",
  validateReferences: "warn",
  maxRetries: "17",
  requestTimeout: "90s",
};
const KEYS = Object.keys(GOOD) as SettingKey[];
/** With credentials of either kind, so that no half is missed. */
const around = (key: SettingKey, text: string) => {
  const { accessToken: _, ...client } = GOOD;
  return config({ ...(key === "accessToken" ? {} : client), [key]: text });
};

describe("white space as people paste it", () => {
  test.each(KEYS)("around %s is taken off, and that is told", (key) => {
    const { tidied: none, ...clean } = readSettings(around(key, GOOD[key]), {});
    expect(none).toEqual([]);
    fc.assert(
      fc.property(EDGES, EDGES, (before, after) => {
        const { tidied, ...settings } = readSettings(around(key, `${before}${GOOD[key]}${after}`), {});
        expect(settings).toEqual(clean);
        expect(tidied).toHaveLength(before + after === "" ? 0 : 1);
      }),
      { numRuns: 30 },
    );
  });

  test("of a secret is named by its kind, and the secret is not", () => {
    const { credentials, tidied } = readSettings(
      config({ oauthClientId: "\u00a0id", oauthClientSecret: "s3cr3t\r\n" }),
      { EXTERNAL_WEBHOOK_URL: " https://hooks.example.com/s3cr3t\n" },
    );
    expect(credentials).toEqual({ clientId: "id", clientSecret: "s3cr3t" });
    expect(tidied).toEqual([
      "genesyscloud:oauthClientId begins with a blank of another kind (U+00A0)",
      "genesyscloud:oauthClientSecret ends in a line break",
      "EXTERNAL_WEBHOOK_URL begins with a blank and ends in a line break",
    ]);
  });

  // Signing secrets are a list, and folders have blanks in their names.
  test.each(KEYS.filter((key) => key !== "webhookSecret" && key !== "auditLog"))(
    "inside of %s is refused by name, without the value",
    (key) => {
      const text = GOOD[key];
      const half = Math.floor(text.length / 2);
      for (const [sign, name] of [...BLANKS, ...UNSEEN])
        expect(problemsOf({ [key]: `${text.slice(0, half)}${sign}${text.slice(half)}` })[0]).toBe(
          `genesyscloud:${key}: has ${name} inside, where none can be: set it anew (its value is not shown)`,
        );
    },
  );

  test("a control that is no white space is refused at the ends, too", () => {
    expect(problemsOf({ oauthClientSecret: "s3cr3t\u001b" })[0]).toMatch(
      /^genesyscloud:oauthClientSecret: has a control character \(U\+001B\) inside/,
    );
  });

  test("stands between signing secrets, of any kind", () => {
    const { webhookSecrets } = readSettings(
      config({ webhookSecret: `${KEY}\r\n${OTHER_KEY}\u00a0${KEY}\n` }),
      {},
    );
    expect(webhookSecrets).toEqual([KEY, OTHER_KEY, KEY]);
    expect(problemsOf({ webhookSecret: `${KEY}\u200b ${OTHER_KEY}` })[0]).toMatch(
      /webhookSecret: has a character that is not seen \(U\+200B\)/,
    );
  });

  test("is part of a folder's name, line ends are not", () => {
    const auditLog = "My Files/\u00e4 b\u00a0c/\u{1f469}\u200d\u{1f4bb}.jsonl , otlp\n";
    expect(readSettings(config({ auditLog }), {}).auditLog).toEqual({
      file: "My Files/\u00e4 b\u00a0c/\u{1f469}\u200d\u{1f4bb}.jsonl",
      otlp: true,
    });
    expect(problemsOf({ auditLog: "a\nb.jsonl" })[0]).toContain("has a line break inside");
    expect(problemsOf({ auditLog: "a\u202eb.jsonl" })[0]).toContain("(U+202E) inside");
  });

  test("in the variables of the gateway is treated in the same way", () => {
    const variables = (host: string) => ({
      GENESYSCLOUD_GATEWAY_HOST: host,
      GENESYSCLOUD_GATEWAY_PROTOCOL: "http\n",
      GENESYSCLOUD_GATEWAY_PORT: " 8080",
    });
    expect(readSettings({}, variables("gw.example.com\r\n"))).toMatchObject({
      gateway: { protocol: "http", host: "gw.example.com", port: 8080 },
      tidied: expect.arrayContaining(["GENESYSCLOUD_GATEWAY_HOST ends in a line break"]),
    });
    // The reader of URLs drops a line end in silence.
    expect(problemsOf({}, variables("gw.exa\nmple.com"))).toEqual([
      "GENESYSCLOUD_GATEWAY_HOST: has a line break inside, where none can be: set it anew",
    ]);
  });
});

test.each(KEYS)("%s has a longest length, whatever stands there", (key) => {
  expect(problemsOf({ [key]: "s3cr3t/".repeat(20_000) })[0]).toBe(
    `genesyscloud:${key}: is longer than 8192 characters (its value is secret and not shown)`,
  );
});

describe("an empty value is none, in the configuration as in the environment", () => {
  test.each(["", " ", "\r\n", "\ufeff"])("%j", (empty) => {
    const nothing = Object.fromEntries(KEYS.map((key) => [key, empty]));
    const variables = {
      GENESYSCLOUD_REGION: empty,
      GENESYSCLOUD_GATEWAY_HOST: empty,
      EXTERNAL_WEBHOOK_URL: empty,
      GENESYSCLOUD_AUDIT_LOG: empty,
    };
    expect(readSettings(config(nothing), variables)).toEqual({ ...DEFAULTS, keys: KEYS });
  });

  test("so the next place that says something counts", () => {
    expect(
      readSettings(config({ region: "" }), { GENESYSCLOUD_REGION: " ", GENESYS_ENVIRONMENT: "eu-west-1" }),
    ).toMatchObject({
      region: "mypurecloud.ie",
    });
    expect(problemsOf({ oauthClientId: "", oauthClientSecret: "x" })).toEqual([
      expect.stringMatching(/^genesyscloud:oauthClientId: is missing/),
    ]);
  });
});

describe("keys that are not ours", () => {
  const THEIRS = {
    awsRegion: "eu-west-1",
    oauthclientId: "a",
    oauthclientSecret: "s3cr3t",
    sdkDebug: "true",
  };

  test("of the bridged Terraform provider are left to it, without a word", () => {
    expect(readSettings(config({ ...THEIRS, region: "eu-west-1", accessToken: "t" }), {})).toMatchObject({
      region: "mypurecloud.ie",
      credentials: { accessToken: "t" },
      warnings: [],
    });
  });

  test("are named where ours are missed", () => {
    const settings = readSettings(config(THEIRS), {});
    expect(() => clientOptions(settings)).toThrow(
      /or genesyscloud:accessToken \(genesyscloud:oauthclientId and genesyscloud:oauthclientSecret are keys of the bridged Terraform provider, and not read here\)$/,
    );
    expect(() => clientOptions({ ...settings, credentials: { accessToken: "t" } })).toThrow(
      /^no region .* \(genesyscloud:awsRegion is a key of the bridged Terraform provider, and not read here\)$/,
    );
    expect(problemsOf({ ...THEIRS, oauthClientId: "a" })[0]).toMatch(
      /oauthClientSecret: is missing.* \(genesyscloud:oauthclientSecret is a key of the bridged/,
    );
  });

  test("and nobody's we know are one warning, that shows no value", () => {
    const { warnings } = readSettings(config({ environment: "s3cr3t", owner: "s3cr3t" }), {});
    expect(warnings).toEqual([
      expect.stringMatching(
        /^genesyscloud:environment, genesyscloud:owner: not known to this package and left alone; its own keys are region, /,
      ),
    ]);
    const many = Object.fromEntries([..."abcdefghijkl"].map((letter) => [letter.repeat(12), "x"]));
    expect(readSettings(config(many), {}).warnings).toEqual([
      expect.stringContaining(" and 7 more: not known"),
    ]);
  });

  test("are the project's own where it is called like the namespace, but a slip stays one", () => {
    const own = { environment: "x", regions: "x", region: "eu-west-1" };
    expect(readSettings(config(own), {}, "genesyscloud")).toMatchObject({
      region: "mypurecloud.ie",
      warnings: [],
    });
    expect(() => readSettings(config(own), {}, "shop")).toThrow(
      /genesyscloud:regions: is not a configuration key/,
    );
    expect(() => readSettings(config({ regoin: "eu-west-1" }), {}, "genesyscloud")).toThrow(
      /genesyscloud:regoin: .*did you mean "region".*a key of your own goes into another namespace/,
    );
  });
});

describe("a gateway that is not encrypted", () => {
  const warningsOf = (gateway: string, more: object = { accessToken: "s3cr3t" }) =>
    readSettings(config({ gateway, ...more }), {}).warnings;

  test("on another machine is warned of, with what goes there in clear", () => {
    expect(warningsOf("http://gw.example.com:8080/x")).toEqual([
      "the gateway http://gw.example.com:8080 is on another machine and not encrypted: the access token and everything else goes there in clear; use an https address",
    ]);
    expect(warningsOf("http://10.0.0.5", { oauthClientId: "a", oauthClientSecret: "s3cr3t" })).toEqual([
      expect.stringContaining("the client secret and everything else"),
    ]);
    expect(
      readSettings(config({ accessToken: "t" }), {
        GENESYSCLOUD_GATEWAY_HOST: "gw.example.com",
        GENESYSCLOUD_GATEWAY_PROTOCOL: "http",
      }).warnings,
    ).toHaveLength(1);
  });

  test.each([
    "https://gw.example.com",
    "http://localhost:8080",
    "http://sandbox.localhost",
    "http://127.0.0.1",
    "http://127.9.9.9",
    "http://[::1]:80",
    "http://[::ffff:127.0.0.1]",
    "http://0x7f.1",
    "http://0.0.0.0:8080",
  ])("%s is none of that", (gateway) => expect(warningsOf(gateway)).toEqual([]));

  test.each([
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://[fe80::1]",
    "http://192.168.0.9",
  ])("%s is", (gateway) => expect(warningsOf(gateway)).toHaveLength(1));

  test("takes nothing where there is nothing to log in with", () => {
    expect(warningsOf("http://gw.example.com", {})).toEqual([]);
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

  test.each([",", "a.jsonl,b.jsonl", "off,otlp", "otlp,otlp", "off,a.jsonl"])(
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

describe("an explicit provider", () => {
  const EMEA = { "genesyscloud:__name": "emea" };
  const CLIENT = config({ region: "eu-west-1", oauthClientId: "id", oauthClientSecret: "secret" });
  /** Everything that the environment can say. */
  const ENVIRONMENT = {
    ...{ GENESYSCLOUD_REGION: "eu-central-1", GENESYS_ENVIRONMENT: "mypurecloud.de" },
    ...{ GENESYSCLOUD_OAUTHCLIENT_ID: "theirs", GENESYSCLOUD_OAUTHCLIENT_SECRET: "theirs" },
    ...{ GENESYS_CLIENT_ID: "theirs", GENESYS_CLIENT_SECRET: "theirs", GENESYSCLOUD_ACCESS_TOKEN: "theirs" },
    ...{ GENESYSCLOUD_GATEWAY_HOST: "gw.example.com", EXTERNAL_WEBHOOK_URL: "https://hooks.example.com" },
    ...{ GENESYSCLOUD_WEBHOOK_SECRET: KEY, GENESYSCLOUD_AUDIT_LOG: "otlp" },
  };

  test("has what its arguments say; of the environment, where this machine keeps its log alone", () => {
    const settings = readSettings({ ...EMEA, ...CLIENT }, ENVIRONMENT);
    expect(settings).toEqual({
      ...DEFAULTS,
      provider: "emea",
      region: "mypurecloud.ie",
      credentials: { clientId: "id", clientSecret: "secret" },
      auditLog: { file: "audit_logs.jsonl", otlp: true },
    });
    expect(readAuditTargets(EMEA, ENVIRONMENT)).toEqual({ file: "audit_logs.jsonl", otlp: true });
  });

  test.each<[Record<string, string>, RegExp]>([
    [{}, /^GenesysCloudProvider "emea": no credentials for Genesys Cloud: give it oauthClientId and/],
    [
      { oauthClientId: "id", oauthClientSecret: "s" },
      /^GenesysCloudProvider "emea": no region of Genesys Cloud: give it region, .* or gateway; it reads nothing/,
    ],
    [
      { region: "eu-west-1", oauthClientId: "id" },
      /^GenesysCloudProvider "emea": oauthClientSecret: is missing, though there is a client id: give both/,
    ],
    [{ region: "nowhere" }, /^GenesysCloudProvider "emea": region: "nowhere" is neither an AWS region/],
  ])("says what it lacks by its name (%j)", (values, words) => {
    const use = () => clientOptions(readSettings({ ...EMEA, ...config(values) }, ENVIRONMENT));
    expect(use).toThrow(words);
    expect(use).not.toThrow(/pulumi config|GENESYSCLOUD_/);
  });

  test("keeps the record of its creates apart from that of others", () => {
    const place = (of: Record<string, string>) =>
      String(journalPlaceOf(readSettings({ ...of, ...CLIENT }, {})));
    expect(place({})).toBe("mypurecloud.ie");
    expect(place(EMEA)).toBe('mypurecloud.ie through the GenesysCloudProvider "emea"');
    expect([place({}), place(EMEA)].map(isOfProvider)).toEqual([false, true]);
  });
});

describe("credentials", () => {
  const printOf = (values: Record<string, string>) => loginPrint(readSettings(config(values), {}));
  const REGION = { region: "eu-west-1" };
  const CLIENT = { ...REGION, oauthClientId: "id", oauthClientSecret: "secret" };
  const GATEWAY = { oauthClientId: "id", oauthClientSecret: "secret", gateway: "http://127.0.0.1:8080" };

  test("leave the same print whoever gives them, and with another secret", () => {
    const print = printOf(CLIENT);
    expect(print).toMatch(/^client:[0-9a-f]{16}$/);
    expect(printOf({ ...CLIENT, region: "mypurecloud.ie", oauthClientSecret: "rotated" })).toBe(print);
    const ofProvider = readSettings({ ...config(CLIENT), "genesyscloud:__name": "emea" }, {});
    expect(loginPrint(ofProvider)).toBe(print);
  });

  test("leave another with another client, place or token, and none where there are none", () => {
    const prints = [
      ...[CLIENT, { ...CLIENT, oauthClientId: "other" }, { ...CLIENT, region: "eu-central-1" }, GATEWAY],
      ...[
        { ...GATEWAY, gateway: "http://127.0.0.1:8081" },
        { ...GATEWAY, gateway: "http://127.0.0.1:8080/a" },
      ],
      ...[
        { ...REGION, accessToken: "a" },
        { ...REGION, accessToken: "b" },
      ],
    ].map(printOf);
    expect(new Set(prints).size).toBe(prints.length);
    expect(prints.at(-1)).toMatch(/^token:[0-9a-f]{16}$/);
    expect(printOf(REGION)).toBeUndefined();
  });
});
