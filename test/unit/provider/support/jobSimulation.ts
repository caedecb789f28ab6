/**
 * A run that creates many sources, on a virtual clock: the real client, rate limit and polling against an organisation
 * whose jobs take what the test says. Two figures tell how well jobs are noticed: lateness, and looks a job.
 */
import { createClient } from "../../../../provider/src/genesys/client.js";
import { type Glance, waitForJob } from "../../../../provider/src/genesys/jobs.js";
import type { StepBudget } from "../../../../provider/src/genesys/retry.js";
import { machineTime } from "../../../../provider/src/genesys/time.js";
import type { KindApi, ShownPage } from "../../../../provider/src/lifecycle/kindApi.js";
import { Listing } from "../../../../provider/src/lifecycle/listing.js";
import { clientOptions } from "../../../../provider/src/settings.js";
import { randomFrom } from "../../../support/random.js";
import { budgetOf, inTime, SETTINGS } from "./context.js";
import { simulatedSdk } from "./simulatedSdk.js";

/** A run to simulate. */
export interface Run {
  /** How long each job takes, in milliseconds. */
  durations: readonly number[];
  /** How many creates are under way at once. */
  atOnce: number;
  /** What a window allows; default: more than anybody asks for. */
  allowed?: number;
  /** How long a window is, in milliseconds; default: a minute. */
  windowMs?: number;
  /** Whether jobs tell their progress. */
  progress?: boolean;
  /** Whether jobs tell when they began and ended. */
  dates?: boolean;
  /** The list of what jobs have made; default: none can be read. */
  list?: JobList;
  /** Every which one fails, the first of them at that number; default: none. */
  failing?: number;
}

/** How a list shows what jobs have made. */
export interface JobList {
  /** How many objects it has besides. */
  others?: number;
  /** How late it shows that a job is over, in milliseconds. */
  lagMs?: number;
  /** Whether it shows that a job is over before it is. */
  isAhead?: boolean;
}

/** What came of it. */
export interface Figures {
  looksAJob: number;
  /** The POST, looks, pages, and a read of what was made, where no page has shown it. */
  callsAJob: number;
  pages: number;
  /** How late an end was noticed on the average, in milliseconds. */
  lateMs: number;
  /** The same as a share of the mean duration. */
  late: number;
  /** The latest of all, as a share of what is tolerated: a tenth of the duration, but 250 ms at least. */
  latest: number;
  /** The latest of all, in milliseconds. */
  latestMs: number;
  /** The run's time over what the jobs alone take. */
  stretch: number;
  refused: number;
}

/** There and back, in milliseconds. */
const ROUND_TRIP = 20;
const MINUTE = 60_000;
/** How many objects a page has. */
const A_PAGE = 100;

const half = () => new Promise((resolve) => setTimeout(resolve, ROUND_TRIP / 2));

interface Job {
  acceptedAt: number;
  duration: number;
  isToFail: boolean;
  noticedAt?: number;
}

function createOrganisation(run: Run) {
  const { durations, allowed = 1_000_000, windowMs = MINUTE, progress, dates, failing = Infinity } = run;
  const jobs: Job[] = [];
  const counted = { calls: 0, looks: 0, pages: 0, refused: 0 };
  let window = { endsAt: 0, count: 0 };
  const present = ({ acceptedAt, duration, isToFail }: Job) => {
    const part = Math.min(1, (Date.now() - acceptedAt) / duration);
    const over = isToFail ? "failed" : "completed";
    return {
      status: part < 1 ? "running" : over,
      ...(progress ? { progress: Math.floor(part * 100) } : {}),
      ...(dates
        ? {
            date_created: new Date(acceptedAt).toISOString(),
            ...(part < 1 ? {} : { date_completed: new Date(acceptedAt + duration).toISOString() }),
          }
        : {}),
    };
  };
  return {
    jobs,
    counted,
    async call(method: string, id: string | undefined) {
      await half();
      if (Date.now() >= window.endsAt) window = { endsAt: Date.now() + windowMs, count: 0 };
      window.count += 1;
      counted.calls += 1;
      const headers = {
        "inin-ratelimit-allowed": allowed,
        "inin-ratelimit-count": window.count,
        "inin-ratelimit-reset": Math.ceil((window.endsAt - Date.now()) / 1_000),
      };
      const isRefused = window.count > allowed;
      if (isRefused) counted.refused += 1;
      let body: object = { source_id: "source" };
      if (method === "POST") {
        const isToFail = (jobs.length + 1) % failing === 0;
        jobs.push({ acceptedAt: Date.now(), duration: durations[jobs.length] ?? 0, isToFail });
        body = { job_id: String(jobs.length - 1) };
      } else if (id !== undefined) {
        counted.looks += 1;
        body = present(jobs[Number(id)] as Job);
      }
      await half();
      if (isRefused) throw { status: 429, headers: { ...headers, "retry-after": "60" }, body: {} };
      return { status: 200, headers, body };
    },
  };
}

/** Creates them all. */
export async function simulate(run: Run): Promise<Figures> {
  const simulated = createOrganisation(run);
  simulatedSdk.organisation = simulated;
  const client = createClient(clientOptions(SETTINGS), machineTime);
  const glanceOf = run.list && glancesAt(run.list, simulated, client);
  const begun = Date.now();
  let next = 0;
  const worker = async () => {
    for (; next < run.durations.length; ) {
      next += 1;
      const budget = budgetOf(3_600_000);
      const { body } = await client.send<{ job_id: string }>({ method: "POST", path: "/sources" }, budget);
      const following = {
        show: () => {},
        elapsed: machineTime.elapsed,
        glance: glanceOf?.(body.job_id, budget),
      };
      const job = simulated.jobs[Number(body.job_id)] as Job;
      const { end } = await waitForJob(client, body.job_id, budget, following);
      if (end !== (job.isToFail ? "failed" : "succeeded")) throw new Error(`a job has ${end}`);
      job.noticedAt = Date.now();
      // What was made the page has shown, too.
      if (job.isToFail || following.glance?.hasShown()) continue;
      await client.send({ method: "GET", path: "/sources" }, budget);
    }
  };
  await inTime(Promise.all(Array.from({ length: run.atOnce }, worker)));
  return figuresOf(simulated, run, Date.now() - begun);
}

/** Glances at a list, through the real listing and client. */
function glancesAt(
  { others = 0, lagMs = 0, isAhead = false }: JobList,
  { jobs, counted }: ReturnType<typeof createOrganisation>,
  client: ReturnType<typeof createClient>,
): (jobId: string, budget: StepBudget) => Glance & { hasShown(): boolean } {
  const before = Array.from({ length: others }, (_, index) => `other-${index}`);
  const shownAt = (now: number) => {
    const isShown = ({ acceptedAt, duration, isToFail }: Job) =>
      !isToFail && (isAhead || acceptedAt + duration + lagMs <= now);
    return [...before, ...jobs.flatMap((job, id) => (isShown(job) ? [String(id)] : []))];
  };
  const api = (budget: StepBudget) => ({
    async *pages(_?: string, from = { pageNumber: 1, seen: 0 }): AsyncGenerator<ShownPage> {
      counted.pages += 1;
      await client.send({ method: "GET", path: "/sources" }, budget);
      const ids = shownAt(Date.now() - ROUND_TRIP / 2);
      const end = from.pageNumber * A_PAGE;
      const on = ids.slice(end - A_PAGE, end);
      const shown = on.map((id) => ({ id, name: id, lacks: [], observe: () => Promise.reject() }));
      const next = end < ids.length ? { pageNumber: from.pageNumber + 1, seen: end } : undefined;
      yield { shown, ids: on, total: ids.length, pages: Math.ceil(ids.length / A_PAGE), next };
    },
  });
  const listing = new Listing(
    machineTime.elapsed,
    api as unknown as (of: StepBudget) => KindApi,
    client.pace,
  );
  return (jobId, budget) => {
    const posted = machineTime.elapsed();
    let hasShown = false;
    return {
      hasShown: () => hasShown,
      calls: () => listing.callsOfAGlance,
      look: async (isNew) => {
        const seen = await listing.glance(jobId, isNew ? "now" : posted, budget);
        hasShown = typeof seen !== "string";
        if (seen === "not there") return "not yet";
        return seen === "ask" ? "unknown" : "made";
      },
    };
  };
}

function figuresOf(
  { jobs, counted }: ReturnType<typeof createOrganisation>,
  { durations, atOnce }: Run,
  tookMs: number,
): Figures {
  const late = jobs.map(
    ({ acceptedAt, duration, noticedAt = Infinity }) => noticedAt - acceptedAt - duration,
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
  const round = (number: number) => Math.round(number * 100) / 100;
  return {
    looksAJob: round(counted.looks / jobs.length),
    callsAJob: round(counted.calls / jobs.length),
    pages: counted.pages,
    lateMs: Math.round(sum(late) / jobs.length),
    late: round(sum(late) / sum(durations)),
    latest: round(Math.max(...late.map((ms, index) => ms / Math.max(250, (durations[index] ?? 0) / 10)))),
    latestMs: Math.max(...late),
    stretch: round(tookMs / aloneMs(durations, atOnce)),
    refused: counted.refused,
  };
}

/** What the jobs alone take, each begun as soon as one of those under way is over. */
function aloneMs(durations: readonly number[], atOnce: number): number {
  const free = Array.from({ length: atOnce }, () => 0);
  for (const duration of durations) {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] ?? 0) + duration;
  }
  return Math.max(...free);
}

/** Durations of so many jobs, in milliseconds, the same in every run. */
export const durationsOf = {
  fixed: (count: number, ms: number): number[] => Array.from({ length: count }, () => ms),
  uniform: (count: number, from: number, to: number): number[] =>
    drawn(count, (random) => from + random * (to - from)),
  /** Most take about one second; one of a hundred takes twenty and more. */
  heavyTailed: (count: number): number[] =>
    drawn(count, (random) => Math.min(60_000, 700 * (1 - random) ** -0.75)),
  bimodal: (count: number, one: number, other: number): number[] =>
    drawn(count, (random) => (random < 0.6 ? one : other) * (0.95 + ((random * 7) % 1) / 10)),
};

function drawn(count: number, durationOf: (random: number) => number): number[] {
  const random = randomFrom(7);
  return Array.from({ length: count }, () => Math.round(durationOf(random())));
}
