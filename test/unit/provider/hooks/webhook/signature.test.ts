/** A receiver can verify the webhook's notices with any of the secrets that are current. */
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { webhookHeaders } from "../../../../../provider/src/hooks/webhook/signature.js";

const secret = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString("base64")}`);

test("an independent library verifies what is signed, whatever the body says", () => {
  fc.assert(
    fc.property(secret, fc.json(), (key, body) => {
      const headers = webhookHeaders("msg_1", body, { secrets: [key], now: Date.now() });
      expect(() => new Webhook(key).verify(body, headers)).not.toThrow();
      expect(() => new Webhook(key).verify(`${body} `, headers)).toThrow();
    }),
  );
});

test("before, during and after a rotation, every receiver that knows one of the secrets verifies it", () => {
  fc.assert(
    fc.property(fc.uniqueArray(secret, { minLength: 2, maxLength: 2 }), ([old = "", next = ""]) => {
      const verifies = (configured: string[], known: string) => {
        const headers = webhookHeaders("msg_1", "{}", { secrets: configured, now: Date.now() });
        try {
          new Webhook(known).verify("{}", headers);
          return true;
        } catch {
          return false;
        }
      };
      expect([verifies([old], old), verifies([old], next)]).toEqual([true, false]);
      expect([verifies([next, old], old), verifies([next, old], next)]).toEqual([true, true]);
      expect([verifies([next], old), verifies([next], next)]).toEqual([false, true]);
    }),
  );
});

test("without a secret there is no signature, and the time is in whole seconds", () => {
  expect(webhookHeaders("msg_1", "{}", { secrets: [], now: 1_893_456_000_999 })).toEqual({
    "webhook-id": "msg_1",
    "webhook-timestamp": "1893456000",
  });
});
