/** An organisation in place of the client: it keeps topics, targets, sources and jobs, and answers as it is told. */
import type { WireSource } from "../../../../provider/src/eventBridgeSource/wire.js";
import type { Answer, GenesysClient, Request } from "../../../../provider/src/genesys/client.js";
import { createPlatformClock } from "../../../../provider/src/genesys/clock.js";
import { type ErrorFacts, GenesysError, NOT_SENT } from "../../../../provider/src/genesys/errors.js";
import { createPace } from "../../../../provider/src/genesys/pace.js";
import type { StepBudget } from "../../../../provider/src/genesys/retry.js";
import { machineTime } from "../../../../provider/src/genesys/time.js";

type Json = Record<string, unknown>;
type Given = Answer<object> | Promise<Answer<object>>;
/** Answers a request in the organisation's place; `proceed` is the organisation's own answer. */
type Script = (request: Request, proceed: () => Answer<object>) => Given;

/** What a job does: the bodies it shows, one a poll, the last one for ever; and its effect at the last one. */
interface FakeJob {
  shows: Json[];
  effect?: () => void;
}

/** An error as the client throws it. */
export const failure = (status: number, facts: Partial<ErrorFacts> = {}): GenesysError =>
  new GenesysError({
    method: "GET",
    path: "/some/path",
    status,
    code: `code.${status}`,
    message: `message ${status}`,
    ...facts,
  });

/** An organisation in memory, asked through the client's interface. Nothing takes time in it. */
export class FakeOrganisation implements GenesysClient {
  readonly pace = createPace(machineTime.elapsed, () => undefined);
  readonly clock = createPlatformClock(() => Date.now());
  topics = new Map<string, Json>();
  targets = new Map<string, Json>();
  sources = new Map<string, WireSource>();
  jobs = new Map<string, FakeJob>();
  /** Every request, such as `GET /sources/src-1`; a list's query is left out but for page and name. */
  calls: string[] = [];
  /** How often somebody has asked for a login without a request. */
  loginsAhead = 0;
  /** Bodies of POST and PUT, in order. */
  bodies: Json[] = [];
  /** What each request's step had left, in milliseconds. */
  left: number[] = [];
  createAnswer: "job" | "jobWithSourceId" | "source" | "accepted" = "job";
  changeAnswer: "source" | "job" | "empty" = "source";
  /** What jobs show before their end. */
  pending: Json[] = [{ status: "queued" }, { status: "running", progress: 50 }];
  /** How jobs end; one entry a job, the last for ever. */
  endings: Json[] = [{ status: "completed" }];
  /** Whether a successful job bears the source's id. */
  jobBearsSource = true;
  statusOnceMade = "active";
  /** What it makes of the fields that it is sent. */
  keeps: (sent: WireSource) => WireSource = (sent) => sent;
  /** Whether answers bear `webhook_url`. */
  showsWebhook = true;
  pageSize = 25;
  /** Whether pages say how many objects there are. */
  tellsTotal = false;
  private scripts: { pattern: RegExp; script: Script; times: number }[] = [];
  private made = 0;

  /** Scripts the next answers to requests such as `POST /sources`. */
  on(pattern: RegExp, script: Script, times = 1): this {
    this.scripts.push({ pattern, script, times });
    return this;
  }

  /** The next such request fails, without being carried out. */
  fail(pattern: RegExp, status: number, facts: Partial<ErrorFacts> = {}, times = 1): this {
    return this.on(
      pattern,
      ({ method, path }) => {
        throw failure(status, { method, path, ...facts });
      },
      times,
    );
  }

  /** The next such request is carried out, but its answer is lost. */
  loseAnswer(pattern: RegExp, status = 0): this {
    return this.on(pattern, ({ method, path }, proceed) => {
      proceed();
      throw failure(status, { method, path });
    });
  }

  /** From here on every request is answered as it should be. */
  forgetScripts(): void {
    this.scripts = [];
  }

  addTopic(id: string, more: Json = {}): this {
    this.topics.set(id, { topic_id: id, status: "active", event_type: "conversation", ...more });
    return this;
  }

  addTarget(id: string, more: Json = {}): this {
    this.targets.set(id, { target_id: id, status: "active", ...more });
    return this;
  }

  addSource(more: WireSource = {}): WireSource {
    this.made += 1;
    const id = more.source_id ?? `src-${this.made}`;
    const source: WireSource = {
      source_id: id,
      name: "orders",
      description: "Managed by Pulumi",
      source_type: "eventbridge",
      event_topic_id: "topic-1",
      filters: [],
      targets: [{ target_id: "target-1", priority: 1 }],
      status: "active",
      webhook_url: null,
      version: 1,
      date_created: "2030-01-01T00:00:00Z",
      date_modified: "2030-01-01T00:00:00Z",
      self_uri: `/api/v2/eventbridge/sources/${id}`,
      ...more,
    };
    this.sources.set(id, source);
    return source;
  }

  logInAhead(): void {
    this.loginsAhead += 1;
  }

  async send<Body extends object>(request: Request, budget: StepBudget): Promise<Answer<Body>> {
    const call = this.nameOf(request);
    // As the client does: a run that is to stop sends nothing more.
    if (budget.signal.aborted)
      throw failure(429, { method: request.method, path: request.path, code: NOT_SENT });
    this.calls.push(call);
    this.left.push(budget.left());
    if (request.body !== undefined) this.bodies.push(structuredClone(request.body) as Json);
    await Promise.resolve();
    const scripted = this.scripts.find(({ pattern }) => pattern.test(call));
    const proceed = () => this.answer(request);
    if (scripted !== undefined && --scripted.times === 0)
      this.scripts.splice(this.scripts.indexOf(scripted), 1);
    const answer = await (scripted === undefined ? proceed() : scripted.script(request, proceed));
    return structuredClone(answer) as Answer<Body>;
  }

  private nameOf({ method, path, pathParams = {}, query }: Request): string {
    const filled = path
      .replace(/\{(\w+)\}/g, (_, key: string) => pathParams[key] ?? "")
      .replace(/^\/api\/v2\/(eventbridge|asyncapi)/, "");
    const name = query?.name === undefined ? "" : `&name=${query.name}`;
    return `${method} ${filled}${query === undefined ? "" : `?page=${query.pageNumber}${name}`}`;
  }

  private answer(request: Request): Answer<object> {
    const { method, path, pathParams = {} } = request;
    const id = Object.values(pathParams)[0];
    const missing = () => failure(404, { method, path, code: "not.found" });
    const kind = path.split("/")[4];
    if (kind === "jobs") {
      const job = this.jobs.get(id ?? "");
      if (job === undefined) throw missing();
      const shown = job.shows.length > 1 ? job.shows.shift() : job.shows[0];
      if (job.shows.length === 1 && shown === job.shows[0]) {
        job.effect?.();
        job.effect = undefined;
      }
      return { status: 200, body: { job_id: id, ...shown } };
    }
    const store: Map<string, object> =
      kind === "topics" ? this.topics : kind === "targets" ? this.targets : this.sources;
    if (method === "POST") return this.post(request);
    if (id === undefined) return { status: 200, body: this.page([...store.values()], request) };
    const found = store.get(id);
    if (found === undefined) throw missing();
    if (method === "GET") return { status: 200, body: this.shown(found) };
    if (method === "DELETE") return this.change(() => this.sources.delete(id), {});
    return this.put(found as WireSource, request);
  }

  private page(all: object[], { query = {} }: Request): object {
    const number = Number(query.pageNumber);
    const named =
      query.name === undefined ? all : all.filter((each) => (each as { name?: string }).name === query.name);
    const entities = named.slice((number - 1) * this.pageSize, number * this.pageSize);
    return {
      entities: entities.map((each) => this.shown(each)),
      pageNumber: number,
      pageCount: Math.ceil(named.length / this.pageSize),
      ...(this.tellsTotal ? { total: named.length } : {}),
    };
  }

  private shown(object: object): object {
    if (this.showsWebhook) return object;
    const { webhook_url: _, ...rest } = object as Json;
    return rest;
  }

  private post({ method, path, body }: Request): Answer<object> {
    const wanted = body as WireSource;
    this.refuseTakenName(wanted, { method, path });
    const make = () => this.addSource({ ...this.keeps(wanted), status: this.statusOnceMade });
    if (this.createAnswer === "source") return { status: 201, body: make() };
    if (this.createAnswer === "accepted") return { status: 202, body: { status: "queued" } };
    const id = `src-${this.made + 1}`;
    const jobId = this.addJob(make, { source_id: id });
    const early = this.createAnswer === "jobWithSourceId" ? { source_id: id } : {};
    return { status: 202, body: { job_id: jobId, status: "queued", ...early } };
  }

  private put(source: WireSource, { method, path, body }: Request): Answer<object> {
    const { version, ...fields } = body as WireSource;
    this.refuseTakenName({ ...fields, source_id: source.source_id }, { method, path });
    if (version !== source.version)
      throw failure(409, { method, path, message: "does not match the current version" });
    const kept = this.keeps(fields);
    const apply = () => Object.assign(source, kept, { version: (source.version ?? 0) + 1 });
    return this.change(apply, source);
  }

  private refuseTakenName({ source_id, name }: WireSource, facts: Partial<ErrorFacts>): void {
    if ([...this.sources.values()].some((each) => each.name === name && each.source_id !== source_id))
      throw failure(409, { ...facts, code: "name.already.exists", correlationId: "corr-1" });
  }

  private change(apply: () => void, answer: object): Answer<object> {
    if (this.changeAnswer === "job")
      return { status: 202, body: { job_id: this.addJob(apply), status: "queued" } };
    apply();
    if (this.changeAnswer === "empty" || Object.keys(answer).length === 0) return { status: 204, body: {} };
    return { status: 200, body: this.shown(answer) };
  }

  private addJob(effect: () => void, result: Json = {}): string {
    const id = `job-${this.jobs.size + 1}`;
    const ending = (this.endings.length > 1 ? this.endings.shift() : this.endings[0]) as Json;
    const succeeds = ending.status === "completed" || ending.status === "active";
    const end = { ...ending, ...(succeeds && this.jobBearsSource ? result : {}) };
    this.jobs.set(id, { shows: [...this.pending, end], ...(succeeds ? { effect } : {}) });
    return id;
  }
}
