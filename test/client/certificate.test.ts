// A server whose certificate this machine does not know, as behind a proxy that looks into TLS.
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { GenesysError } from "../../provider/src/genesys/errors.js";
import { isAmbiguous } from "../../provider/src/genesys/errors.js";
import { openOtlp } from "../../provider/src/hooks/audit/otlp.js";
import { GENESIS } from "../../provider/src/hooks/audit/record.js";
import { deliver } from "../../provider/src/hooks/webhook/deliver.js";
import { selfSigned } from "../support/certificate.js";
import { entryWith } from "../unit/provider/hooks/audit/support.js";
import { aStep, clientOf } from "./support.js";

/** Counts who connects, and answers every request with an empty object. */
async function serveTls() {
  let connections = 0;
  const server = createServer(selfSigned(), (_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const gateway = { protocol: "https", host: "127.0.0.1", port, loginPath: "", apiPath: "" } as const;
  return { url: `https://127.0.0.1:${port}`, gateway, connections: () => connections };
}

const GET = { method: "GET", path: "/api/v2/x" } as const;
const POST = { method: "POST", path: "/api/v2/x", body: {} } as const;

test.each([
  ["a login", GET, {}],
  ["a GET", GET, { credentials: { accessToken: "t" } }],
  ["a POST", POST, { credentials: { accessToken: "t" } }],
])("%s meets an unknown certificate once, and says how it is made known", async (_, request, options) => {
  const { url, gateway, connections } = await serveTls();
  const error: GenesysError = await clientOf(url, { gateway, ...options })
    .send(request, aStep())
    .then(
      () => expect.fail("the certificate was accepted"),
      (reason) => reason,
    );
  expect(error).toMatchObject({ status: 0, code: "network.certificate", retryCount: 0 });
  expect(error.message).toContain("the connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)");
  expect(error.message).toContain("set NODE_EXTRA_CA_CERTS to the file (PEM)");
  expect(isAmbiguous(error)).toBe(false);
  expect(connections()).toBe(1);
});

test("a notice meets an unknown certificate once, waits, and says how it is made known", async () => {
  const { url, connections } = await serveTls();
  const until = performance.now() + 60_000;
  const budget = { allowPrivate: true, until, signal: new AbortController().signal };
  expect(await deliver(url, () => ({ headers: {}, body: "{}" }), budget)).toEqual({
    result: "unavailable",
    trouble:
      "no connection to the receiver (DEPTH_ZERO_SELF_SIGNED_CERT). The certificate is signed by an authority that is not known here, as behind a proxy that looks into TLS: set NODE_EXTRA_CA_CERTS to the file (PEM) with that authority's certificate",
  });
  expect(connections()).toBe(1);
});

test("audit records meet an unknown certificate once, and it is said how it is made known", async () => {
  const { url, connections } = await serveTls();
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const said: string[] = [];
  const target = await openOtlp((line) => void said.push(line));
  target.emit({ ...entryWith(), seq: 1, prev_hash: GENESIS.hash, hash: GENESIS.hash }, "{}");
  await target.flush();
  expect(said).toEqual([
    expect.stringMatching(/\(self-signed certificate\. .* set NODE_EXTRA_CA_CERTS to the file .*\): check/),
  ]);
  expect(connections()).toBe(1);
});
