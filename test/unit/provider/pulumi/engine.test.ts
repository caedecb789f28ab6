/** The line to the engine, by which its end is noticed. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { whenEngineIsGone } from "../../../../provider/src/pulumi/engine.js";

test("it begins as HTTP/2 does, since the engine closes what says nothing for two minutes; closed, the engine is gone", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let isGone = false;
  const gone = new Promise<void>((resolve) =>
    whenEngineIsGone(`127.0.0.1:${port}`, () => {
      isGone = true;
      resolve();
    }),
  );
  const [socket] = (await once(server, "connection")) as [Socket];
  const [first] = (await once(socket, "data")) as [Buffer];
  expect(first.toString("latin1")).toMatch(/^PRI \* HTTP\/2\.0\r\n\r\nSM\r\n\r\n/);
  expect(isGone).toBe(false);
  socket.destroy();
  await gone;
});

test("where nobody listens, it is gone", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  await new Promise<void>((resolve) => whenEngineIsGone(`127.0.0.1:${port}`, resolve));
});
