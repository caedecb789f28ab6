/** A job as it stands. Following one to its end is `jobs.ts`. */
import { z } from "zod";
import { LONGEST } from "../limits.js";
import { told } from "./answer.js";
import { anId, inShape } from "./body.js";
import type { GenesysClient } from "./client.js";
import { Unholdable } from "./exactJson.js";
import type { StepBudget } from "./retry.js";

/** A job as the API answers it. */
export interface Job {
  job_id?: string;
  status: string;
  /** The id of what it makes or changes. */
  objectId?: string;
  /** Percent. */
  progress?: number;
  /** ISO 8601. */
  date_created?: string;
  /** ISO 8601. */
  date_completed?: string;
  /** Why it failed; every text is one that can be told. */
  error?: {
    code?: string;
    message?: string;
    /** The name belongs to another object. */
    isNameTaken?: boolean;
  };
}

/** What a status means; one that is in neither list is an error, by name. */
export const MEANING: Readonly<Record<string, "pending" | "succeeded" | "failed">> = {
  queued: "pending",
  running: "pending",
  completed: "succeeded",
  active: "succeeded",
  failed: "failed",
  cancelled: "failed",
};

/** What says nothing where it is of another kind. */
const optional = <Shape extends z.ZodType>(shape: Shape) => shape.optional().catch(undefined);

const JOB = z.object({
  // What an unknown one means is not for this to say.
  status: z
    .unknown()
    .transform((status) => (status instanceof Unholdable ? status.text : (status as string))),
  // All jobs that the contract knows are about sources.
  source_id: anId,
  progress: optional(z.number()),
  date_created: optional(z.string()),
  date_completed: optional(z.string()),
  error: optional(z.object({ code: z.unknown().optional(), message: z.unknown().optional() })),
});

/** The job as it stands. @throws GenesysError `answer.malformed` where it names an object by what is no id. */
export async function getJob(client: GenesysClient, jobId: string, budget: StepBudget): Promise<Job> {
  const request = {
    method: "GET",
    path: "/api/v2/asyncapi/jobs/{jobId}",
    pathParams: { jobId },
    priority: "poll",
  } as const;
  const { body } = await client.send(request, budget);
  return asTold(inShape(JOB, body, request), budget);
}

/** The job in words that can be told. A status of another kind is told as what it is. */
function asTold(
  { status, error, source_id: objectId, ...job }: z.output<typeof JOB>,
  { hide }: StepBudget,
): Job {
  const say = (words: unknown, limit: number) => told(textOf(words), limit, hide);
  const { code, message } = error ?? {};
  const why = {
    ...(code == null ? {} : { code: say(code, LONGEST.word), isNameTaken: code === NAME_TAKEN }),
    ...(message == null ? {} : { message: say(message, LONGEST.quote) }),
  };
  const isTold = typeof status === "string" || (typeof status === "object" && status !== null);
  return {
    ...job,
    ...(objectId === undefined ? {} : { objectId }),
    status: isTold ? say(status, LONGEST.word) : status,
    ...(error === undefined ? {} : { error: why }),
  };
}

function textOf(words: unknown): string {
  if (typeof words === "string") return words;
  return words instanceof Unholdable ? words.text : (JSON.stringify(words) ?? "");
}

/** What a job says that failed because another object bears the name. */
const NAME_TAKEN = "name.already.exists";

/** What a job's status means; `undefined` for one that the contract does not know. */
export const meaningOf = (job: Job) => (Object.hasOwn(MEANING, job.status) ? MEANING[job.status] : undefined);

/** Whether a job has done what it was for. */
export const hasSucceeded = (job: Job): boolean => meaningOf(job) === "succeeded";

/** Whether a job has come to an end, good or bad. */
export const isOver = (job: Job): boolean => ["succeeded", "failed"].includes(meaningOf(job) ?? "");
