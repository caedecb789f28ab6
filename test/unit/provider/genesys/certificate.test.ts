/** What is advised for each reason why a server's certificate is refused. */
import { expect, test } from "vitest";
import { toGenesysError } from "../../../../provider/src/genesys/answer.js";

/** What is made of a connection that failed for this reason, as axios says it. */
const errorFor = (code: string) =>
  toGenesysError(
    Object.assign(new Error("x"), { isAxiosError: true, code }),
    { method: "GET", path: "/x" },
    { now: 0 },
  );

test.each([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_UNTRUSTED",
])("%s is helped by NODE_EXTRA_CA_CERTS", (code) => {
  expect(errorFor(code).code).toBe("network.certificate");
  expect(errorFor(code).message).toContain("NODE_EXTRA_CA_CERTS");
});

test.each([
  ["CERT_HAS_EXPIRED", "the clock of this machine"],
  ["CERT_NOT_YET_VALID", "the clock of this machine"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "another host name"],
  ["HOSTNAME_MISMATCH", "another host name"],
  ["CERT_REVOKED", "cannot be accepted"],
  ["INVALID_CA", "cannot be accepted"],
])("%s is not, and says what it is: %s", (code, words) => {
  expect(errorFor(code).code).toBe("network.certificate");
  expect(errorFor(code).message).toContain(words);
  expect(errorFor(code).message).not.toContain("NODE_EXTRA_CA_CERTS");
});

test.each(["ECONNRESET", "ECONNREFUSED", "ENOTFOUND", "EPROTO", "ERR_BAD_RESPONSE"])(
  "%s says nothing of a certificate",
  (code) => expect(errorFor(code)).toMatchObject({ code: "network.error" }),
);
