/**
 * What is installed only for one command, or one setting: without it the command and `doctor` name the line that
 * installs it, and after that very line both work.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { dirname } from "node:path";
import { Trouble } from "./life.mjs";
import { run } from "./run.mjs";

/** @param {import("./surroundings.mjs").Here} here */
export async function onDemand({ project, command, env }) {
  const collector = await startCollector();
  const otlp = {
    GENESYSCLOUD_AUDIT_LOG: "audit_logs.jsonl,otlp",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  };
  const [file, ...args] = command;
  const packages = dirname(dirname(dirname(file ?? "")));
  for (const name of ["sandbox", "doctor"]) {
    const { code, output } = await run(file ?? "", [...args, name], {
      cwd: project,
      env: { ...env, ...otlp },
    });
    const line = /npm install \S+/.exec(output)?.[0]?.replace(/,$/, "");
    if (code === 0 || line === undefined) throw new Trouble(`${name} names nothing to install:\n${output}`);
    const [npm, ...words] = line.split(" ");
    const got = await run(npm ?? "", [...words, "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: packages,
    });
    if (got.code !== 0) throw new Trouble(`${line} fails:\n${got.output}`);
  }
  await serve(command, project, env);
  return {
    env: otlp,
    after: async () => {
      await collector.close();
      if (collector.bodies() === 0) throw new Trouble("nothing has arrived at the OpenTelemetry collector");
    },
  };
}

/** The simulated organisation of the package answers. @param {string[]} command @param {string} cwd @param {NodeJS.ProcessEnv} env */
async function serve([file = "", ...args], cwd, env) {
  const child = spawn(file, [...args, "sandbox", "--control", "--json"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  const [text] = await Promise.race([once(child.stdout.setEncoding("utf8"), "data"), ended.then(() => [""])]);
  const url = /"url":\s*"([^"]+)"/.exec(text)?.[1];
  if (url === undefined) throw new Trouble("sandbox does not serve");
  const { ok } = await fetch(`${url}/__sandbox/health`);
  child.kill("SIGINT");
  await ended;
  if (!ok) throw new Trouble("sandbox is not well");
}

/** Takes whatever is sent. */
async function startCollector() {
  let bodies = 0;
  const server = createServer((request, response) => {
    bodies += 1;
    request.resume().on("end", () => response.end());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // A row that fails before its end closes nothing.
  server.unref();
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    bodies: () => bodies,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
