/** A receiver of the webhook's notices on real HTTP, whose answers are laid out beforehand. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a receiver got. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  /** The status it was answered with; none where something else was done with it. */
  status?: number;
}

/** What a receiver does with a request: answers with a status, or does as it pleases with the response. */
export type Behaviour = number | ((response: ServerResponse, request: IncomingMessage) => void);

/** A receiver of notices on the loopback address. */
export interface Receiver {
  url: string;
  port: number;
  /** Whole requests, in the order in which they came. */
  received: Received[];
  /** How often somebody connected. */
  connections(): number;
  /** Resolves when the next request has come. */
  next(): Promise<unknown>;
  /** What it does with the next requests, one each, the last one for ever; 204 at first. */
  behave(...behaviours: Behaviour[]): void;
  close(): void;
}

/** Starts one. @param host where it listens. */
export async function openReceiver(host = "127.0.0.1"): Promise<Receiver> {
  const received: Received[] = [];
  let behaviours: Behaviour[] = [204];
  let connections = 0;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const [behaviour = 204] = behaviours;
    const status = typeof behaviour === "number" ? { status: behaviour } : {};
    received.push({ headers: request.headers, body, ...status });
    if (behaviours.length > 1) behaviours.shift();
    if (typeof behaviour === "number") response.writeHead(behaviour).end();
    else behaviour(response, request);
    server.emit("received");
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, host);
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/hook`,
    port,
    received,
    connections: () => connections,
    next: () => once(server, "received"),
    behave: (...next) => {
      behaviours = next;
    },
    close,
  };
}
