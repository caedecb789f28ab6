// biome-ignore-all lint/suspicious/noExplicitAny: the SDK's gRPC classes are loaded by require and come without types

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type { FastClock } from "./clock.js";
import { type EngineLog, startEngineLog } from "./engineLog.js";

const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
const grpc = sdk("@grpc/grpc-js");
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb.js");
const { ResourceProviderClient } = sdk("./proto/provider_grpc_pb.js");
const messages = sdk("./proto/provider_pb.js");
const { Status } = sdk("./proto/status_pb.js");

/** How long the engine waits after SIGINT before it uses SIGKILL. */
const GRACE_MS = 5_000;

/** Properties of a resource as they cross the wire: plain JSON, secrets in their marked form. */
export type Properties = Record<string, unknown>;

/** What the provider answered to a failed call. */
export class ProviderError extends Error {
  constructor(
    message: string,
    /** What a create or update had made before it failed; the engine keeps it. */
    readonly partial?: { id: string; properties: Properties; reasons: string[] },
  ) {
    super(message);
    this.name = "ProviderError";
  }
}

/** The process ended before it answered. */
export class ProviderGoneError extends Error {}

export interface ProviderProcessOptions {
  /** The project's folder: the stub's `require` begins there. */
  cwd: string;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** Modules that are loaded before the server, by path. */
  preload?: readonly string[];
  /** Whose time the process has, where `fastClock.cjs` is preloaded. */
  clock?: Pick<FastClock, "lead">;
  /** Stack configuration, such as `{"genesyscloud:region": "…"}`. */
  config: Record<string, string>;
  project?: string;
}

export type Diff = {
  changes: "unknown" | "none" | "some";
  replaces: string[];
  deleteBeforeReplace: boolean;
};

/** The real dynamic provider server in a process of its own, spoken to as the engine does. */
export class ProviderProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: any,
    private readonly log: EngineLog,
    private readonly written: string[],
    private readonly exit: Promise<unknown>,
  ) {}

  /** Starts a server and configures it. */
  static async start(options: ProviderProcessOptions): Promise<ProviderProcess> {
    const { cwd, env = {}, preload = [], config, project = "model" } = options;
    const log = await startEngineLog();
    const child = spawn(
      process.execPath,
      [
        ...preload.flatMap((path) => ["--require", path]),
        sdk.resolve("./cmd/dynamic-provider/index.js"),
        log.address,
      ],
      {
        cwd,
        env: { ...process.env, PULUMI_NODEJS_PROJECT: project, ...env },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      },
    );
    options.clock?.lead(child);
    const exit = once(child, "exit").then(([code, signal]) => signal ?? code);
    const written: string[] = [];
    const [out, err] = [child.stdout, child.stderr].map((stream) =>
      createInterface({ input: stream as any }),
    );
    err?.on("line", (line) => written.push(line));
    const first = await Promise.race([
      once(out as object as NodeJS.EventEmitter, "line").then(([line]) => line as string),
      exit.then((end) => {
        throw new Error(`the provider's server ended at once (${end}): ${written.join("\n")}`);
      }),
    ]);
    out?.on("line", (line) => written.push(line));
    const client = new ResourceProviderClient(`127.0.0.1:${first}`, grpc.credentials.createInsecure());
    const started = new ProviderProcess(child, client, log, written, exit);
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript(config));
    await started.call("configure", request);
    return started;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** The exit code or signal; `undefined` while it runs. */
  get ended(): number | string | undefined {
    return this.child.signalCode ?? this.child.exitCode ?? undefined;
  }

  /** Everything it wrote so far and that a person could see: standard output, standard error, log lines. */
  get lines(): string[] {
    return [...this.written, ...this.log.lines];
  }

  forgetLines(): void {
    this.written.length = 0;
    this.log.lines.length = 0;
  }

  /** Sends a message to what was preloaded, which answers with the same when it is done. */
  async tell(message: string): Promise<void> {
    const answer = new Promise<void>((resolve) => {
      const hear = (heard: unknown) => {
        if (heard !== message) return;
        this.child.off("message", hear);
        resolve();
      };
      this.child.on("message", hear);
    });
    this.child.send(message);
    await Promise.race([answer, this.exit]);
  }

  async check(urn: string, olds: Properties, news: Properties) {
    const request = new messages.CheckRequest();
    request.setUrn(urn);
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript(news));
    const answer = await this.call("check", request);
    return {
      inputs: answer.getInputs().toJavaScript() as Properties,
      failures: answer
        .getFailuresList()
        .map((each: any) => ({ property: each.getProperty(), reason: each.getReason() })) as {
        property: string;
        reason: string;
      }[],
    };
  }

  async diff(urn: string, id: string, olds: Properties, news: Properties): Promise<Diff> {
    const request = new messages.DiffRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript(news));
    const answer = await this.call("diff", request);
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    const changes = answer.getChanges();
    return {
      changes: changes === DIFF_NONE ? "none" : changes === DIFF_SOME ? "some" : "unknown",
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
    };
  }

  /** @throws ProviderError with `partial` where something was made. */
  async create(urn: string, inputs: Properties): Promise<{ id: string; properties: Properties }> {
    const request = new messages.CreateRequest();
    request.setUrn(urn);
    request.setProperties(Struct.fromJavaScript(inputs));
    const answer = await this.call("create", request);
    return { id: answer.getId(), properties: answer.getProperties().toJavaScript() };
  }

  /** @returns `undefined` where the provider says that the resource is gone. */
  async read(urn: string, id: string, properties: Properties, inputs: Properties = {}) {
    const request = new messages.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setProperties(Struct.fromJavaScript(properties));
    request.setInputs(Struct.fromJavaScript(inputs));
    const answer = await this.call("read", request);
    if (answer.getId() === "") return undefined;
    return {
      id: answer.getId() as string,
      properties: answer.getProperties().toJavaScript() as Properties,
      inputs: answer.getInputs()?.toJavaScript() as Properties | undefined,
    };
  }

  /** @throws ProviderError with `partial` where something was changed. */
  async update(urn: string, id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript(news));
    return (await this.call("update", request)).getProperties().toJavaScript();
  }

  async delete(urn: string, id: string, properties: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setProperties(Struct.fromJavaScript(properties));
    await this.call("delete", request);
  }

  /** Ends it with SIGKILL at this very moment; calls in flight fail with `ProviderGoneError`. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.letGo();
  }

  /** Ends it as the engine does after every command: SIGINT, and SIGKILL for one that does not heed it. */
  async close(): Promise<void> {
    this.child.kill("SIGINT");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), GRACE_MS);
    await this.exit;
    clearTimeout(timer);
    await this.letGo();
  }

  /** The engine is gone without a word, as a CLI is that was killed. */
  loseEngine(): void {
    this.log.close();
  }

  private async letGo(): Promise<void> {
    await this.exit;
    this.client.close();
    this.log.close();
  }

  private call(method: string, request: object): Promise<any> {
    return new Promise((resolve, reject) => {
      this.client[method](request, (error: any, answer: any) => {
        if (error === null || error === undefined) return resolve(answer);
        const gone = error.code === grpc.status.UNAVAILABLE || error.code === grpc.status.CANCELLED;
        reject(gone ? new ProviderGoneError(`${method}: ${error.details}`) : providerError(error));
      });
    });
  }
}

/** The engine finds what a failed step has made in the details of the answer's status. */
function providerError(error: any): ProviderError {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (details === undefined) return new ProviderError(error.details);
  const [any] = Status.deserializeBinary(details).getDetailsList();
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
  return new ProviderError(error.details, {
    id: failed.getId(),
    properties: failed.getProperties().toJavaScript(),
    reasons: failed.getReasonsList(),
  });
}
