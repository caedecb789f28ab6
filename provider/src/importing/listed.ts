import { ONE, type SourceApi } from "../eventBridgeSource/api.js";
import type { WireSource } from "../eventBridgeSource/wire.js";
import type { GenesysClient } from "../genesys/client.js";
import { unlessMissing } from "../step.js";

/** What a source needs to have to be told from a mere mention of it. */
const WHOLE = [
  "name",
  "description",
  "source_type",
  "event_topic_id",
  "filters",
  "targets",
  "status",
] as const satisfies readonly (keyof WireSource)[];

type Key = (typeof WHOLE)[number];

const lacking = (source: WireSource): Key[] => WHOLE.filter((key) => source[key] === undefined);

/**
 * A client that answers for sources which a list has shown already: reading a thousand of them takes the pages of the
 * list and no more. What a list shows in part is asked for.
 */
export async function answeringFor(
  sources: readonly WireSource[],
  client: GenesysClient,
  api: SourceApi,
): Promise<GenesysClient> {
  const known = new Map<string, WireSource>();
  // What the address of one leaves out, too, is left out because it is empty: asking for each would tell no more.
  const part = sources.find((source) => lacking(source).length > 0);
  const one = part && (await unlessMissing(api.show(String(part.source_id))));
  const empty = one === undefined ? [] : lacking(one);
  for (const source of sources)
    if (lacking(source).every((key) => empty.includes(key))) known.set(String(source.source_id), source);
  return {
    jobDurations: client.jobDurations,
    clock: client.clock,
    send: async <Body extends object>(...[request, budget]: Parameters<GenesysClient["send"]>) => {
      const isRead = request.method === "GET" && request.path === ONE;
      const source = isRead ? known.get(request.pathParams?.sourceId ?? "") : undefined;
      if (source === undefined) return client.send<Body>(request, budget);
      return { status: 200, body: source as Body };
    },
  };
}
