/**
 * Keeps the configured webhook address out of what the engine is told, and notices away from addresses that nobody asked
 * for.
 *
 * What a provider answers, Pulumi's SDK prints in a debug event of `pulumi up --json`, where only secrets of the stack's
 * configuration are masked. So inputs and state bear a hash where the program leaves the address to the configuration;
 * the handler within sees the address itself.
 */
import { digestOfAddress, isDigest, isSameAddress, NO_ADDRESS } from "../../addressDigest.js";
import type { Context, Made, ResourceHandler } from "../../resourceHandler.js";

/** What a kind of resource with notices has among its properties. */
interface Addressed {
  webhookUrl?: string;
  __urn?: string;
  /** In the place of the address, where the program leaves it to the configuration: its hash. */
  __defaultWebhook?: string;
  /** The hash of the address that was asked for last, while the organisation has another that somebody has set. */
  __ownWebhook?: string;
  /** What was asked for, where the platform keeps it in its own way; `null` for none. */
  __asked?: { webhookUrl?: string | null };
}

/** A handler that is told addresses, around which none is told that the configuration has. */
export function withConfiguredAddress<Inputs extends Addressed, State extends Inputs>(
  handler: ResourceHandler<Inputs, State>,
): ResourceHandler<Inputs, State> {
  return {
    ...handler,
    secrets: [...handler.secrets, "__defaultWebhook", "__ownWebhook"],
    check: async (context, olds, news) => {
      const checked = await handler.check(context, olds, withoutMarks(news));
      if ("problems" in checked) return checked;
      const { inputs } = checked;
      const isGiven = news.webhookUrl !== undefined && news.webhookUrl !== null;
      if (isGiven || inputs.webhookUrl === undefined) return checked;
      const before = olds?.__defaultWebhook;
      const isKept = before !== undefined && isSameAddress(before, inputs.webhookUrl);
      if (before !== undefined && !isKept)
        context
          .log(inputs.__urn)
          .info(`the configured webhook address is another now: notices of this ${handler.kind} go there`);
      const digest = isKept ? before : digestOfAddress(inputs.webhookUrl, saltOf(inputs));
      return { inputs: hidden(inputs, digest) };
    },
    diff: (olds, news) => {
      const [state, wanted] = [standingIn(olds), standingIn(news)];
      const difference = handler.diff(state, wanted);
      // What somebody has set is the program's own as soon as the program asks for it: only an update can note that.
      const isTakenUp =
        olds.__ownWebhook !== undefined &&
        news.__ownWebhook === undefined &&
        state.webhookUrl !== undefined &&
        isSameAddress(state.webhookUrl, wanted.webhookUrl);
      return { ...difference, unfinished: difference.unfinished || isTakenUp };
    },
    create: async (context, inputs) => {
      const wanted = asked(inputs, context);
      return closedIn(await handler.create(context, wanted), wanted, [inputs]);
    },
    read: async (context, id, known) => {
      if (known === undefined) return handler.read(context, id, known);
      const found = await handler.read(context, id, standingIn(known));
      if (found === undefined) return undefined;
      const marks = marksOf(found.state, known, context);
      return {
        ...found,
        state: { ...closed(found.state, [marks]), ...asking(marks) },
        inputs: { ...closed(found.inputs, [marks]), ...asking(marks) },
      };
    },
    update: async (context, id, olds, news) => {
      const wanted = asked(news, context);
      const made = await handler.update(context, id, standingIn(olds), wanted);
      return closedIn(made, wanted, [news, olds]);
    },
    delete: async (context, id, state) => handler.delete(context, id, told(state, context)),
  };
}

/** Hashes of one stack can be compared with each other. */
const saltOf = ({ __urn = "" }: Addressed): string => __urn.split("::", 2).join("::");

function withoutMarks<Properties extends object>(properties: Properties): Properties {
  const { __defaultWebhook: _, __ownWebhook: __, ...rest } = properties as Properties & Addressed;
  return rest as Properties;
}

/** With the hash where the address stood. */
function hidden<Properties extends Addressed>(properties: Properties, digest: string): Properties {
  const { webhookUrl: _, ...rest } = properties;
  return { ...rest, __defaultWebhook: digest } as Properties;
}

/** With the hash in the address's place, for whoever only compares. */
function standingIn<Properties extends Addressed>(properties: Properties): Properties {
  const { __defaultWebhook: digest } = properties;
  const rest = withoutMarks(properties);
  return digest === undefined ? rest : { ...rest, webhookUrl: digest };
}

/** What a step is asked for: what is left to the configuration is what that has now. */
function asked<Properties extends Addressed>(properties: Properties, { settings }: Context): Properties {
  const rest = withoutMarks(properties);
  if (properties.__defaultWebhook === undefined || settings.webhookUrl === undefined) return rest;
  return { ...rest, webhookUrl: settings.webhookUrl };
}

/** The address in the words in which it was asked for, or its hash. */
function inWords({ webhookUrl, __defaultWebhook, __asked }: Addressed): string | undefined {
  if (__asked?.webhookUrl !== undefined) return __asked.webhookUrl ?? undefined;
  return __defaultWebhook ?? webhookUrl;
}

/** @param known what bears the hashes that can stand for the address. */
function closed<Properties extends Addressed>(
  properties: Properties,
  known: readonly Addressed[],
): Properties {
  const address = inWords(properties);
  if (address === undefined) return properties;
  const digest = isDigest(address)
    ? address
    : known.map((each) => each.__defaultWebhook).find((each) => isSameAddress(each, address));
  if (digest === undefined) return properties;
  const { __asked } = properties;
  if (__asked?.webhookUrl === undefined) return hidden(properties, digest);
  return { ...properties, __asked: { ...__asked, webhookUrl: digest } };
}

/** What a step has made, without the address. @param known what it was asked for, and what was there before */
function closedIn<State extends Addressed>(
  made: Made<State>,
  wanted: Addressed,
  [news, ...olds]: readonly [Addressed, ...Addressed[]],
): Made<State> {
  const { state, unfinished } = made;
  if (unfinished === undefined)
    return { ...made, state: { ...closed(state, [news]), ...strange(state, wanted) } };
  const known = [news, ...olds];
  // What somebody has set stays marked, as long as it is there.
  const before = known.find((each) => each.__ownWebhook !== undefined);
  const isThere = before !== undefined && isSameAddress(before.webhookUrl, state.webhookUrl);
  return { ...made, state: closed(isThere ? { ...state, __ownWebhook: before.__ownWebhook } : state, known) };
}

type Marks = Pick<Addressed, "__defaultWebhook" | "__ownWebhook">;

/** What the hashes of an object that was just read are. An address that was not asked for is somebody else's. */
function marksOf(found: Addressed, known: Addressed, { settings }: Context): Marks {
  const before = inWords(known);
  const last = known.__ownWebhook ?? (isDigest(before) ? before : digestOfAddress(before, saltOf(known)));
  if (!isSameAddress(inWords(found), last)) return { __ownWebhook: last };
  const isConfigured = known.__ownWebhook !== undefined && isSameAddress(settings.webhookUrl, last);
  return { __defaultWebhook: isConfigured ? last : known.__defaultWebhook };
}

/** The mark of a state whose address is not the one that was asked for just now. */
const strange = (state: Addressed, wanted: Addressed): Marks =>
  isSameAddress(inWords(state), wanted.webhookUrl)
    ? {}
    : { __ownWebhook: digestOfAddress(wanted.webhookUrl, saltOf(wanted)) };

const asking = ({ __ownWebhook }: Marks): Marks => (__ownWebhook === undefined ? {} : { __ownWebhook });

/** A state that is about to go, with the address that its last notice goes to. */
function told<State extends Addressed>(state: State, context: Context): State {
  const { __ownWebhook: last } = state;
  const present = inWords(state);
  const { webhookUrl: configured } = context.settings;
  if (last === undefined && !isDigest(present)) return state;
  const { webhookUrl: _, __asked: { webhookUrl: __, ...kept } = {}, ...rest } = withoutMarks(state);
  const unaddressed = { ...rest, ...(state.__asked === undefined ? {} : { __asked: kept }) };
  const isAsked = last === undefined || [last, present].some((each) => isSameAddress(configured, each));
  if (configured !== undefined && isAsked) return { ...unaddressed, webhookUrl: configured } as State;
  if (last !== NO_ADDRESS) withoutNotice(state, context);
  return unaddressed as State;
}

/** @throws Error where notices are required and the address only has to be configured. */
function withoutNotice({ __urn, __ownWebhook }: Addressed, { settings, log }: Context): void {
  if (__ownWebhook !== undefined) {
    log(__urn).warn(
      "this delete sends no notice: its webhook address was changed in the organisation, and neither the program nor the configuration asked for that",
    );
    return;
  }
  const missing = "its webhook address was the configured one, and none is configured now";
  const remedy = "set genesyscloud:webhookUrl or EXTERNAL_WEBHOOK_URL";
  if (settings.webhookRequired)
    throw new Error(`It is not deleted, because no notice of that can be sent: ${missing}: ${remedy}.`);
  log(__urn).warn(`this delete sends no notice: ${missing}: ${remedy} if it is to send one`);
}
