/**
 * Look-ups, as programs use them. They run in the program's process: a dynamic provider has no functions. What they need
 * is loaded by the first one.
 */
import * as pulumi from "@pulumi/pulumi";
import { type ProgramRun, programRun } from "../pulumi/programRun.js";
import type {
  GetAvailableTopicsArgs,
  GetAvailableTopicsResult,
  GetEventBridgeTargetArgs,
  GetEventBridgeTargetResult,
  GetEventBridgeTopicArgs,
  GetEventBridgeTopicResult,
  Inputs,
  LookUpOptions,
} from "./args.js";
import type { LookUpName } from "./lookUp.js";
import { settled, through } from "./through.js";

/**
 * A topic of the organisation, by its name or its id. A program that names topics runs in every organisation that has
 * topics of these names, whatever their ids are there.
 *
 * The settings are the provider's that the options lead to; without one the stack's, or the environment's, as for
 * resources. Names take the pages of the list, once a run; an id
 * one call. Equal questions are asked once a run.
 *
 * @throws pulumi.RunError when there is none (the nearest is named), several have the name (their ids are named), or the
 *   platform does not answer.
 */
export const getEventBridgeTopic = (
  args: GetEventBridgeTopicArgs,
  options?: LookUpOptions,
): Promise<GetEventBridgeTopicResult> => answered("getEventBridgeTopic", args, options);

/**
 * The same as an output, for arguments that are outputs, and for programs that cannot wait:
 *
 * ```ts
 * const topic = getEventBridgeTopicOutput({ name: "Conversation start" });
 * new EventBridgeSource("starts", { eventTopicId: topic.id, targets: [{ targetId: "target-crm" }] });
 * ```
 *
 * Unknown in a preview without credentials, with a warning.
 */
export const getEventBridgeTopicOutput = (
  args: Inputs<GetEventBridgeTopicArgs>,
  options?: LookUpOptions,
): pulumi.Output<GetEventBridgeTopicResult> => output("getEventBridgeTopic", args, options);

/**
 * A target of the organisation, by its name or its id.
 *
 * @see getEventBridgeTopic for settings, calls and errors.
 */
export const getEventBridgeTarget = (
  args: GetEventBridgeTargetArgs,
  options?: LookUpOptions,
): Promise<GetEventBridgeTargetResult> => answered("getEventBridgeTarget", args, options);

/** The same as an output. @see getEventBridgeTopicOutput */
export const getEventBridgeTargetOutput = (
  args: Inputs<GetEventBridgeTargetArgs>,
  options?: LookUpOptions,
): pulumi.Output<GetEventBridgeTargetResult> => output("getEventBridgeTarget", args, options);

/**
 * The topics of the platform's public API that a transport carries and a pattern matches. One call a run.
 *
 * ```ts
 * const topics = await getAvailableTopics({ matching: "v2.detail.events.conversation.{id}.{acd,acw}*" });
 * ```
 *
 * @throws pulumi.RunError when there is none (the nearest is named), or the platform does not answer.
 */
export const getAvailableTopics = (
  args: GetAvailableTopicsArgs = {},
  options?: LookUpOptions,
): Promise<GetAvailableTopicsResult> => answered("getAvailableTopics", args, options);

/** The same as an output. @see getEventBridgeTopicOutput */
export const getAvailableTopicsOutput = (
  args: Inputs<GetAvailableTopicsArgs> = {},
  options?: LookUpOptions,
): pulumi.Output<GetAvailableTopicsResult> => output("getAvailableTopics", args, options);

async function answered<Result>(
  name: LookUpName,
  args: object,
  options: LookUpOptions = {},
): Promise<Result> {
  const run = programRun();
  if (run.isMocked) return mocked(name, args, options);
  const explicit = through(name, options);
  if (explicit === undefined) return asked(run, name, args);
  return asked({ ...run, key: explicit.provider, config: await settled(name, explicit) }, name, args);
}

/** An output whose arguments, or whose provider, are not known is as unknown. */
function output<Result>(name: LookUpName, args: object, options: LookUpOptions = {}): pulumi.Output<Result> {
  const explicit = programRun().isMocked ? undefined : through(name, options);
  const answer = async (known: object, settings?: ProgramRun["config"]): Promise<Result> => {
    const stack = programRun();
    if (stack.isMocked) return mocked(name, known, options);
    const run =
      explicit === undefined || settings === undefined
        ? stack
        : { ...stack, key: explicit.provider, config: settings };
    if (!run.isPreview) return asked(run, name, known);
    const { isWithoutCredentials, SAY_UNKNOWN } = await import("./lookUp.js");
    if (!isWithoutCredentials(run)) return asked(run, name, known);
    await pulumi.log.warn(`${name}: ${SAY_UNKNOWN}`);
    return pulumi.unknown as Result;
  };
  return pulumi
    .all([pulumi.output(args), explicit?.settings])
    .apply(([known, settings]) => answer(known, settings)) as pulumi.Output<Result>;
}

const mocked = <Result>(name: LookUpName, args: object, options: LookUpOptions): Promise<Result> =>
  pulumi.runtime.invoke(`genesyscloud:index:${name}`, { ...args }, options);

async function asked<Result>(run: ProgramRun, name: LookUpName, args: object): Promise<Result> {
  const { lookUp } = await import("./lookUp.js");
  const answer = await lookUp(run, name, args);
  if ("error" in answer) {
    const { error } = answer;
    // Where it is an argument's, the engine shows its stack: this package's lines tell a user nothing.
    throw Object.assign(new pulumi.RunError(error), { stack: error });
  }
  return answer.result as Result;
}
