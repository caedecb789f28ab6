/**
 * Look-ups, as programs use them. They run in the program's process: a dynamic provider has no functions. What they need
 * is loaded by the first one.
 */
import * as pulumi from "@pulumi/pulumi";
import { programRun } from "../pulumi/programRun.js";
import type {
  GetAvailableTopicsArgs,
  GetAvailableTopicsResult,
  GetEventBridgeTargetArgs,
  GetEventBridgeTargetResult,
  GetEventBridgeTopicArgs,
  GetEventBridgeTopicResult,
  Inputs,
} from "./args.js";
import type { LookUpName } from "./lookUp.js";

/**
 * A topic of the organisation, by its name or its id. A program that names topics runs in every organisation that has
 * topics of these names, whatever their ids are there.
 *
 * The settings are the stack's, or the environment's, as for resources. Names take the pages of the list, once a run; an id
 * one call. Equal questions are asked once a run.
 *
 * @throws pulumi.RunError when there is none (the nearest is named), several have the name (their ids are named), or the
 *   platform does not answer.
 */
export const getEventBridgeTopic = (args: GetEventBridgeTopicArgs): Promise<GetEventBridgeTopicResult> =>
  answered("getEventBridgeTopic", args);

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
): pulumi.Output<GetEventBridgeTopicResult> => output("getEventBridgeTopic", args);

/**
 * A target of the organisation, by its name or its id.
 *
 * @see getEventBridgeTopic for settings, calls and errors.
 */
export const getEventBridgeTarget = (args: GetEventBridgeTargetArgs): Promise<GetEventBridgeTargetResult> =>
  answered("getEventBridgeTarget", args);

/** The same as an output. @see getEventBridgeTopicOutput */
export const getEventBridgeTargetOutput = (
  args: Inputs<GetEventBridgeTargetArgs>,
): pulumi.Output<GetEventBridgeTargetResult> => output("getEventBridgeTarget", args);

/**
 * The topics of the platform's public API that a transport carries and a pattern matches. One call a run.
 *
 * ```ts
 * const topics = await getAvailableTopics({ matching: "v2.detail.events.conversation.{id}.{acd,acw}*" });
 * ```
 *
 * @throws pulumi.RunError when there is none (the nearest is named), or the platform does not answer.
 */
export const getAvailableTopics = (args: GetAvailableTopicsArgs = {}): Promise<GetAvailableTopicsResult> =>
  answered("getAvailableTopics", args);

/** The same as an output. @see getEventBridgeTopicOutput */
export const getAvailableTopicsOutput = (
  args: Inputs<GetAvailableTopicsArgs> = {},
): pulumi.Output<GetAvailableTopicsResult> => output("getAvailableTopics", args);

async function answered<Result>(name: LookUpName, args: object): Promise<Result> {
  const run = programRun();
  if (run.isMocked) return pulumi.runtime.invoke(`genesyscloud:index:${name}`, { ...args });
  const { lookUp } = await import("./lookUp.js");
  const answer = await lookUp(run, name, args);
  if ("error" in answer) {
    const { error } = answer;
    // Where it is an argument's, the engine shows its stack: this package's lines tell a user nothing.
    throw Object.assign(new pulumi.RunError(error), { stack: error });
  }
  return answer.result as Result;
}

const output = <Result>(name: LookUpName, args: object): pulumi.Output<Result> =>
  pulumi.output(args).apply(async (known) => {
    const run = programRun();
    if (run.isMocked || !run.isPreview) return answered<Result>(name, known);
    const { isWithoutCredentials, SAY_UNKNOWN } = await import("./lookUp.js");
    if (!isWithoutCredentials(run)) return answered<Result>(name, known);
    await pulumi.log.warn(`${name}: ${SAY_UNKNOWN}`);
    return pulumi.unknown as Result;
  }) as pulumi.Output<Result>;
