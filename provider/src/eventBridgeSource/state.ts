import { JobError } from "../genesys/jobs.js";
import { jobResourceId } from "../jobResource.js";
import { PartialStepError } from "../resourceHandler.js";
import type { Step } from "../step.js";
import { sayName } from "./conflict.js";
import type { Written } from "./converge.js";
import { ARRIVES_WITHIN_MS } from "./create.js";
import { whereabouts } from "./elsewhere.js";
import { fieldsIn, settingsOf } from "./fields.js";
import { asAsked, askedOtherwise } from "./kept.js";
import { tellWhatIsKept } from "./keptNotes.js";
import { hasFailed } from "./made.js";
import {
  INPUT_KEYS,
  type SourceFields,
  type SourceInputs,
  type SourceOutputs,
  type SourceState,
} from "./model.js";
import { insistHoldable } from "./unheld.js";
import { fieldsFromWire, outputsFromWire } from "./wire.js";

/**
 * Runs what comes after something was made. When that fails, the id and all that is known are kept, so that
 * the next `up` goes on from there. A job that made nothing leaves nothing to keep.
 *
 * @param known the id that the resource has already: an update cannot give it another.
 */
export async function keepingWhatIsMade<T>(
  state: SourceState,
  step: Step,
  rest: () => Promise<T>,
  known?: string,
): Promise<T> {
  try {
    return await rest();
  } catch (error) {
    const made = state.sourceId ?? (state.jobId === undefined ? undefined : jobResourceId(state.jobId));
    const id = made && (known ?? made);
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof JobError && error.trouble === "timeout" && error.wasAtWork) expectLater(state, step);
    if (id === undefined || hasFailed(error, state.jobId))
      throw new Error(`${sayName(state)} was not made. ${why}`, { cause: error });
    throw new PartialStepError(
      `${sayName(state)} is not finished: ${why} It is kept in the stack's state as ${id}, and the next "pulumi up" goes on from there.`,
      { id, state: { ...whereabouts(step.context), ...state, ...step.spent() }, unfinished: why },
      { cause: error },
    );
  }
}

/** Of a job that was at work just now something may still come for as long as it could at first. */
function expectLater(state: SourceState, { context }: Step): void {
  if (state.__until === undefined) return;
  const { latest } = context.client.clock.at(context.now() + ARRIVES_WITHIN_MS);
  state.__until = Math.max(state.__until, latest);
}

/** The state after a step that went through; what the platform keeps otherwise than it was asked for is said. */
export function finished(
  inputs: SourceInputs,
  { source, isAsWritten }: Written,
  known: SourceOutputs & Partial<SourceFields>,
  step: Step,
): SourceState {
  insistHoldable(source);
  const fields = fieldsFromWire(source, inputs);
  const asked = isAsWritten ? askedOtherwise(fields, inputs) : {};
  tellWhatIsKept({ ...fields, ...asked }, known, step.context.log(inputs.__urn));
  return {
    ...settingsOf(inputs),
    ...fields,
    ...outputsFromWire(source),
    ...asked,
    ...(known.jobId === undefined ? {} : { jobId: known.jobId }),
    ...whereabouts(step.context),
    ...step.spent(),
  };
}

/** The state after an update that leaves the source as it is. */
export function unchanged(olds: SourceState, news: SourceInputs): SourceState {
  const { __asked: _, ...outputs } = outputsOf(olds);
  const fields = fieldsIn(olds);
  return { ...outputs, ...settingsOf(news), ...fields, ...askedOtherwise(fields, news) };
}

const isInput = (key: string): boolean => (INPUT_KEYS as readonly string[]).includes(key);

/** The inputs that a program would have to give for a state. */
export const inputsOf = (state: SourceState): SourceInputs =>
  Object.fromEntries(
    Object.entries(asAsked(state)).filter(([key]) => isInput(key)),
  ) as unknown as SourceInputs;

const outputsOf = (state: SourceState): SourceOutputs =>
  Object.fromEntries(Object.entries(state).filter(([key]) => !isInput(key)));
