// A server whose certificate this machine does not know, as behind a proxy that looks into TLS.
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { GenesysError } from "../../provider/src/genesys/errors.js";
import { isAmbiguous } from "../../provider/src/genesys/errors.js";
import { selfSigned } from "../support/certificate.js";
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
