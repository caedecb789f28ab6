/** Runs that come and go, with the organisation and the journal that outlast them. */
import type { Begun, CreateRecord } from "../../../../provider/src/createRecord.js";
import type { SourceInputs, SourceState } from "../../../../provider/src/eventBridgeSource/model.js";
import { journalHook } from "../../../../provider/src/hooks/journalHook.js";
import { withHooks } from "../../../../provider/src/hooks/withHooks.js";
import { fakeContext, fakeJournal, inTime } from "./context.js";
import { FakeOrganisation, failure } from "./fakeOrganisation.js";
import { ARGS, createSourceHandler, stateWith, URN } from "./source.js";

/** The state of a source of which only the job is known. @param begun what else its record tells */
export function unfinished(more: Partial<SourceState> = {}, begun: Partial<Begun> = {}): SourceState {
  const why = "job job-1 was not over";
  const state = stateWith({
    sourceId: undefined,
    version: undefined,
    jobId: "job-1",
    __unfinished: why,
    ...more,
  });
  const { jobId, sourceId: objectId } = state;
  return { ...state, __create: { phase: "accepted", postedAt: Date.now(), jobId, objectId, ...begun } };
}

/** The same state as it was written before states bore a record. */
function flagged({ __create, ...state }: SourceState): SourceState {
  const { postedAt, until, duplicatesUntil, isMet } = __create ?? {};
  const flags = {
    __postedAt: postedAt,
    __until: until,
    __duplicatesUntil: duplicatesUntil,
    __met: isMet,
  };
  return Object.assign(state, flags);
}

/** How unfinished states tell of their create: as they are written now, and as they were. */
export const FORMS: [form: string, (state: SourceState) => SourceState][] = [
  ["by a record", (state) => state],
  ["by the flags that were there before", flagged],
];

/** The organisation's time, as it writes it. */
export const now = () => new Date().toISOString();
/** Lets time pass, in milliseconds. */
export const passes = (milliseconds: number) =>
  inTime(new Promise<void>((done) => setTimeout(done, milliseconds)));

/** One organisation and one journal, and runs that come and go; the stack holds, and calls the resource's, what each is told. */
export function world(entries: CreateRecord[] = []) {
  const organisation = new FakeOrganisation().addTopic("topic-1").addTopic("topic-2").addTarget("target-1");
  organisation.clock.hear(new Date().toUTCString());
  const add = organisation.addSource.bind(organisation);
  organisation.addSource = (more) => add({ date_created: now(), ...more });
  const journal = fakeJournal(entries);
  const run = (held: readonly string[] = [], name?: string) => {
    const { context, lines } = fakeContext(organisation);
    const lookUpId = async (_: string, id: string) => held.includes(id);
    const lookUpKey = async () => (name === undefined ? undefined : { key: name, isLeaving: false });
    Object.assign(context, { journal, stack: { ...context.stack, lookUpId, lookUpKey } });
    return { context, lines, handler: withHooks(createSourceHandler(), [journalHook]) };
  };
  /** Lists, and reads where it is said, show nothing that long. */
  const lag = (milliseconds: number, more: { reads?: boolean } = {}) => {
    const until = Date.now() + milliseconds;
    const empty = { status: 200, body: { entities: [], pageCount: 0 } };
    organisation.on(/^GET \/sources\?/, (_, proceed) => (Date.now() < until ? empty : proceed()), 9_999);
    if (!more.reads) return;
    organisation.on(
      /^GET \/sources\/src-1/,
      ({ method, path }, proceed) => {
        if (Date.now() < until) throw failure(404, { method, path });
        return proceed();
      },
      9_999,
    );
  };
  return { organisation, journal, run, lag, entry: () => journal.entries.get(URN) };
}

/** A run, with the provider's process of its own. */
export type Run = ReturnType<ReturnType<typeof world>["run"]>;

/** What the check of a run makes of a program's arguments. */
export async function checked(
  { handler, context }: Run,
  olds: Partial<SourceInputs> | undefined,
  news: object = ARGS,
): Promise<SourceInputs> {
  const result = await inTime(handler.check(context, olds, { ...news, __urn: URN }));
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.inputs;
}
