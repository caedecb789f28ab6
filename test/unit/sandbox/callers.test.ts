/** A web page that is open on the same machine cannot reach the simulated organisation, whatever name it gives it. */
import { request } from "node:http";
import { expect, test } from "vitest";
import { refuseOutsiders } from "../../../sandbox/src/callers.js";
import { startWithToken } from "./harness.js";

/** Sends a request with headers that fetch would not let through. @returns such as `403 host.not.allowed` */
function ask(url: string, path: string, headers: Record<string, string>, method = "GET"): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece) => {
        text += piece;
      });
      answer.on("end", () => {
        const granted = answer.headers["access-control-allow-origin"];
        const code = answer.statusCode === 200 ? "" : ` ${JSON.parse(text).code}`;
        resolve(`${answer.statusCode}${code}${granted === undefined ? "" : ` for ${granted}`}`);
      });
    });
    sent.on("error", reject).end();
  });
}

test("a name that was pointed at this machine reaches nothing, and leaves no trace", async () => {
  const { url, post, control } = await startWithToken();
  await post();
  await control("DELETE", "/requests");
  for (const [method, path] of [
    ["GET", "/__sandbox/state"],
    ["POST", "/__sandbox/reset"],
    ["POST", "/oauth/token"],
    ["GET", "/api/v2/eventbridge/sources"],
    ["GET", "/nowhere"],
    ["GET", "/%zz"],
  ] as const)
    expect(await ask(url, path, { host: "rebound.example:80" }, method)).toBe("403 host.not.allowed");
  expect((await control("GET", "/requests")).body).toEqual([]);
  expect((await control("GET", "/state")).body.jobs).toHaveLength(1);
});

test("a page of another origin reaches nothing, and is told that it may not ask", async () => {
  const { url } = await startWithToken();
  const { port } = new URL(url);
  for (const origin of ["https://page.example", "null", `http://localhost:${port}`, "http://127.0.0.1:3000"])
    for (const [method, path] of [
      ["GET", "/__sandbox/state"],
      ["POST", "/__sandbox/reset"],
      ["OPTIONS", "/__sandbox/reset"],
      ["GET", "/api/v2/eventbridge/sources"],
    ] as const)
      expect(await ask(url, path, { origin }, method)).toBe("403 origin.not.allowed");
  expect(await ask(url, "/__sandbox/health", { origin: url })).toBe("200");
});

test("every name that this machine has for itself is answered, on any port", async () => {
  const { url } = await startWithToken();
  for (const host of [
    "localhost",
    "LocalHost:80",
    "127.0.0.1:9",
    "127.8.9.1",
    "[::1]:8080",
    "[0:0:0:0:0:0:0:1]",
  ])
    expect(await ask(url, "/__sandbox/health", { host })).toBe("200");
});

test.each([
  // Told nothing: the loopback address.
  ["127.0.0.1", "sandbox:8080", false],
  ["127.0.0.1", "10.0.0.5:8080", false],
  ["127.0.0.1", "localhost.page.example", false],
  ["127.0.0.1", "127.0.0.1.page.example", false],
  ["127.0.0.1", "page.example#@127.0.0.1", false],
  ["127.0.0.1", "page.example@127.0.0.1", false],
  ["127.0.0.1", "127.0.0.1/../page.example", false],
  ["127.0.0.1", "", false],
  ["127.0.0.1", undefined, false],
  // Told a name or an address: that one, too.
  ["sandbox", "sandbox:8080", true],
  ["Sandbox", "sandbox", true],
  ["sandbox", "localhost", true],
  ["sandbox", "page.example", false],
  ["10.0.0.5", "10.0.0.5:8080", true],
  ["10.0.0.5", "10.0.0.6:8080", false],
  ["fd00::5", "[fd00::5]:8080", true],
  // Told every interface: any address, but no name.
  ["0.0.0.0", "10.0.0.5:8080", true],
  ["::", "[fd00::5]:8080", true],
  ["::", "page.example", false],
  ["0.0.0.0", "page.example", false],
])("listening on %s, what was sent to %s is answered: %s", (listening, host, isAnswered) => {
  expect(refuseOutsiders(listening)({ headers: { host } }) === null).toBe(isAnswered);
});
