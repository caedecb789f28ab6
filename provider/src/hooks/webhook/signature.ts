/** Signs a notice as Standard Webhooks say. */
import { createHmac } from "node:crypto";

/**
 * The headers of Standard Webhooks for one attempt.
 *
 * @param id the same at every attempt of a notice, so that the receiver can tell what it has had.
 * @param secrets `whsec_…`; one signature each, so that the receiver may know any of them while they are rotated.
 *   None: unsigned.
 */
export function webhookHeaders(
  id: string,
  body: string,
  { secrets, now }: { secrets: readonly string[]; now: number },
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signed = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => `v1,${sign(signed, secret)}`);
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    ...(signatures.length === 0 ? {} : { "webhook-signature": signatures.join(" ") }),
  };
}

const sign = (text: string, secret: string): string =>
  createHmac("sha256", Buffer.from(secret.replace(/^whsec_/, ""), "base64"))
    .update(text)
    .digest("base64");
