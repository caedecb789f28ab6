/** The real client for a server on loopback, and servers that answer it as a test says. */
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createClient } from "../../provider/src/genesys/client.js";
import type { ClientOptions } from "../../provider/src/genesys/options.js";
import type { StepBudget } from "../../provider/src/genesys/retry.js";
import { countdown, machineTime } from "../../provider/src/genesys/time.js";

/** A client of the real SDK for a server on loopback. */
export function clientOf(
  url: string,
  options: Partial<ClientOptions> = {},
  tell: (line: string) => void = () => {},
) {
  const { port } = new URL(url);
  const gateway = {
    protocol: "http",
    host: "127.0.0.1",
    port: Number(port),
    loginPath: "",
    apiPath: "",
  } as const;
  const credentials = { clientId: "sandbox-client", clientSecret: "sandbox-secret" };
  return createClient(
    { gateway, credentials, maxRetries: 5, requestTimeoutMs: 10_000, ...options },
    machineTime,
    tell,
  );
}

/** A step that may take a minute. */
export const aStep = (milliseconds = 60_000): StepBudget => ({
  left: countdown(machineTime.elapsed, milliseconds),
  signal: new AbortController().signal,
  retryCount: 0,
});

/** A server of the test's own, on loopback, with every request that it got. */
export async function serve(listener: RequestListener): Promise<{ url: string; got: IncomingMessage[] }> {
  const got: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    got.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}
