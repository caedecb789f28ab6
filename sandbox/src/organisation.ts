/** Sources and jobs of the organisation, and what time makes of them. */
import { randomUUID } from "node:crypto";
import { endOf, isPending, type JobOutcome, successStatuses } from "./jobs.js";
import type { Job, Source, SourceBody, State, StoredSource } from "./model.js";
import { takeOutcome } from "./outcomes.js";
import type { Settings } from "./settings.js";
import { defaultVariants, type Variants } from "./variants.js";

/** What a mutation comes to: done (with the source, if it still is one), or under way as a job. */
export type Outcome = { job: Job } | { source: Source | null };

/** The simulated organisation: its objects, and how sources and jobs change with time. */
export class Organisation {
  variants: Variants = defaultVariants();
  settings: Settings;
  /** Outcomes for the jobs to come, first come first served. */
  readonly outcomes: JobOutcome[] = [];

  constructor(
    public state: State,
    settings: Settings,
    readonly now: () => number,
  ) {
    this.settings = settings;
  }

  /** Brings about what jobs have done by now; due before anything is read or changed. */
  settle(): void {
    const now = this.now();
    const due = this.state.jobs.filter((job) => !job.settled && endOf(job) <= now);
    due.sort((one, other) => endOf(one) - endOf(other));
    for (const job of due) {
      this.takeEffect(job);
      job.settled = true;
    }
    const delayMs = Math.max(this.variants.listDelaySeconds, this.variants.readDelaySeconds) * 1000;
    this.state.sources = this.state.sources.filter(
      ({ deleted_at }) => deleted_at === undefined || deleted_at + delayMs > now,
    );
  }

  /** A source that is there, whether or not reads show it yet. */
  source(id: string): StoredSource | undefined {
    return this.state.sources.find(
      ({ source, deleted_at }) => source.source_id === id && deleted_at === undefined,
    );
  }

  /** The sources that reads show which lag behind by so many seconds. */
  visibleSources(delaySeconds: number): Source[] {
    const seenAt = this.now() - delaySeconds * 1000;
    return this.state.sources
      .filter(({ made_at, deleted_at }) => made_at <= seenAt && !((deleted_at ?? Infinity) <= seenAt))
      .map(({ source }) => source);
  }

  /** The sources as the list shows them. */
  listedSources(): Source[] {
    const { listDelaySeconds, listChanges } = this.variants;
    const visible = this.visibleSources(listDelaySeconds);
    if (listChanges === "atOnce") return visible;
    const seenAt = this.now() - listDelaySeconds * 1000;
    const before = new Map(
      this.state.sources
        .filter(({ changed_at = 0 }) => changed_at > seenAt)
        .map(({ source, before = source }) => [source, before]),
    );
    return visible.map((source) => before.get(source) ?? source);
  }

  /** A source is about to be changed. Of several changes the list shows what was there before the last. */
  noteChange(stored: StoredSource, at: number): void {
    stored.before = structuredClone(stored.source);
    stored.changed_at = at;
  }

  /** Whether the name belongs to another source, or to one in the making. */
  isNameTaken(name: string, exceptId?: string): boolean {
    const bySource = this.state.sources.some(
      ({ source, deleted_at }) =>
        deleted_at === undefined && source.name === name && source.source_id !== exceptId,
    );
    const now = this.now();
    const byJob = this.state.jobs.some(
      (job) =>
        job.kind !== "delete" &&
        job.body?.name === name &&
        job.source_id !== exceptId &&
        (isPending(job, now) || !job.settled),
    );
    return bySource || byJob;
  }

  create(body: SourceBody): Outcome {
    const created = { ...body, status: this.statusOnceCreated(body.status) };
    const id = randomUUID();
    if (this.variants.createAnswer.startsWith("source")) {
      return { source: this.add(id, created, this.now()) };
    }
    const madeAtOnce = this.variants.sourceVisible === "atOnce";
    if (madeAtOnce) this.add(id, { ...body, status: "draft" }, this.now());
    return { job: this.accept("create", id, created, madeAtOnce) };
  }

  update(stored: StoredSource, body: SourceBody): Outcome {
    const { source } = stored;
    if (this.variants.updateAnswer === "job") return { job: this.accept("update", source.source_id, body) };
    this.write(stored, body, this.now());
    return { source };
  }

  remove(stored: StoredSource): Outcome {
    if (this.variants.deleteAnswer === "job") return { job: this.accept("delete", stored.source.source_id) };
    stored.deleted_at = this.now();
    return { source: null };
  }

  private statusOnceCreated(asked: string): string {
    if (this.variants.statusAfterJob === "draft") return "draft";
    return asked === "draft" ? "active" : asked;
  }

  private accept(
    kind: Job["kind"],
    sourceId: string,
    body: SourceBody | null = null,
    madeAtOnce = false,
  ): Job {
    const outcome = takeOutcome(this.outcomes) ?? { status: this.variants.jobSuccessStatus };
    const job: Job = {
      job_id: randomUUID(),
      kind,
      source_id: sourceId,
      body,
      accepted_at: this.now(),
      duration_ms: outcome.afterMs ?? this.settings.jobDurationMs,
      final_status: outcome.status,
      error: outcome.error ?? null,
      takes_effect: outcome.sourceMade ?? successStatuses.includes(outcome.status),
      made_at_once: madeAtOnce,
      settled: false,
    };
    this.state.jobs.push(job);
    return job;
  }

  private takeEffect(job: Job): void {
    const stored = this.source(job.source_id);
    if (job.kind === "create") {
      this.finishCreation(job, stored);
    } else if (job.takes_effect && stored) {
      if (job.body) this.write(stored, job.body, endOf(job));
      else stored.deleted_at = endOf(job);
    }
  }

  private finishCreation(job: Job, stored: StoredSource | undefined): void {
    if (!job.made_at_once) {
      if (job.takes_effect && job.body) this.add(job.source_id, job.body, endOf(job));
    } else if (stored && !job.takes_effect) {
      stored.deleted_at = endOf(job);
    } else if (stored?.source.version === 1 && job.body) {
      // Left alone where a PUT came in between.
      this.noteChange(stored, endOf(job));
      stored.source.status = job.body.status;
    }
  }

  private add(id: string, body: SourceBody, at: number): Source {
    const date = new Date(at).toISOString();
    const source = { source_id: id, ...body, version: 1, date_created: date, date_modified: date };
    this.state.sources.push({ source, made_at: at });
    return source;
  }

  private write(stored: StoredSource, body: SourceBody, at: number): void {
    const { source } = stored;
    const { event_topic_id, source_type } = source;
    this.noteChange(stored, at);
    Object.assign(source, body, {
      event_topic_id,
      source_type,
      version: source.version + 1,
      date_modified: new Date(at).toISOString(),
    });
  }
}
