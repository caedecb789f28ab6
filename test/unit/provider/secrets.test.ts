/** Which values are secrets, and which parts of a webhook's address no message shows. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { secretsIn, secretsOf, withoutSecrets } from "../../../provider/src/secrets.js";
import { SETTINGS } from "./support/context.js";

const ADDRESS =
  "https://user:pass-word-1234@hooks.example.com/services/T0123/planted-key-0123456789?token=planted-token-012";

test.each([
  ["as it is", ADDRESS],
  ["in capitals", ADDRESS.toUpperCase()],
  ["encoded for a URL", encodeURIComponent(ADDRESS)],
  ["escaped for JSON", ADDRESS.replaceAll("/", "\\/")],
  ["in base64", Buffer.from(ADDRESS).toString("base64")],
  ["its path and query", "/services/T0123/planted-key-0123456789?token=planted-token-012"],
  ["its key", "planted-key-0123456789"],
  ["its token", "planted-token-012"],
  ["its password", "pass-word-1234"],
  ["its host", "hooks.example.com"],
])("an address is taken out of a message %s", (_, form) => {
  const shown = withoutSecrets(`refused: ${form} is wrong`, [ADDRESS]);
  expect(shown).toMatch(/^refused: (\[secret\]=*)+ is wrong$/);
});

test("ordinary words stay, though they stand in an address, too", () => {
  expect(withoutSecrets("the services of user T0123 are down", [ADDRESS])).toBe(
    "the services of user T0123 are down",
  );
  expect(withoutSecrets("nothing secret", [])).toBe("nothing secret");
});

test("whatever the secret is, it is not in the text", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8 }), fc.string(), fc.string(), (secret, before, after) => {
      expect(withoutSecrets(before + secret + after, [secret])).not.toContain(secret);
    }),
  );
});

test("secrets are those of the properties that are known to be, and of the settings", () => {
  expect(
    secretsIn(["webhookUrl"], { webhookUrl: "a", name: "b" }, { webhookUrl: "c" }, { webhookUrl: 1 }),
  ).toEqual(["a", "c"]);
  expect(secretsOf({ ...SETTINGS, webhookUrl: "w", webhookSecrets: ["k"] })).toEqual([
    "clientSecret" in (SETTINGS.credentials ?? {})
      ? (SETTINGS.credentials as { clientSecret: string }).clientSecret
      : "",
    "w",
    "k",
  ]);
  expect(secretsOf({ ...SETTINGS, credentials: { accessToken: "t" } })).toEqual(["t"]);
});
