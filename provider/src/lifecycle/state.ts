/** What a step leaves in the stack's state. */
import { messageOf } from "../messageOf.js";
import type { Made } from "../resourceHandler.js";
import { sayingMore } from "../stepError.js";
import { ARRIVES_WITHIN_MS } from "../waits.js";
import { fieldsIn, fieldsOf, settingsOf } from "./fields.js";
import { insistHoldable } from "./holdable.js";
import type { CommonOutputs, Inputs, Properties, State } from "./inputs.js";
import { asAsked, askedOtherwise } from "./kept.js";
import { tellWhatIsKept } from "./keptNotes.js";
import { type Kind, type KindStep, objectIdIn } from "./kind.js";
import { sayName } from "./messages.js";
import { idOf } from "./record.js";
import { whereabouts } from "./whereabouts.js";
import type { Written } from "./write.js";

/** How a create, or going on with one, has ended: nothing was made, or it is done. */
export type Brought = { state: State } | { notMade: Error };

/**
 * Runs what comes after something was made. When that fails, the id and all that is known are kept, so that the next `up`
 * goes on from there. What made nothing leaves nothing to keep.
 *
 * @param known the id that the resource has already: an update cannot give it another.
 */
export async function keepingWhatIsMade(
  state: State,
  step: KindStep,
  rest: () => Promise<Brought>,
  known?: string,
): Promise<Made<State>> {
  const { kind } = step;
  let brought: Brought;
  try {
    brought = await rest();
  } catch (error) {
    return madeSoFar(state, step, error, known);
  }
  if ("notMade" in brought) {
    const { notMade: why } = brought;
    throw sayingMore(`${sayName(kind, state)} was not made. ${why.message}`, why);
  }
  const id = String(objectIdIn(kind, brought.state));
  // What was brought about is the stack's from now on.
  step.context.stack.reserve(id);
  return { id: known ?? id, state: brought.state };
}

/** What there is to keep behind an error. @throws that error where nothing was made */
function madeSoFar(state: State, step: KindStep, error: unknown, known: string | undefined): Made<State> {
  const { kind, context } = step;
  const made = state.__create && idOf(state.__create);
  if (made === undefined) throw error;
  const id = known ?? made;
  const why = messageOf(error);
  const message = `${sayName(kind, state)} is not finished: ${why} It is kept in the stack's state as ${id}, and the next "pulumi up" goes on from there.`;
  return {
    id,
    state: { ...whereabouts(context), ...state, ...step.spent() },
    unfinished: { error: sayingMore(message, error), why },
  };
}

/** Of a job that was at work just now something may still come for as long as it could at first. */
export function expectLater(state: State, { context }: KindStep): void {
  const { __create: begun } = state;
  if (begun?.until === undefined) return;
  const { latest } = context.client.clock.at(context.now() + ARRIVES_WITHIN_MS);
  state.__create = { ...begun, until: Math.max(begun.until, latest) };
}

/** The state after a step that went through; what the platform keeps otherwise than it was asked for is said. */
export function finished(
  inputs: Inputs,
  { object, isAsWritten, isListed = false }: Written,
  known: Properties & CommonOutputs,
  step: KindStep,
): State {
  const { kind } = step;
  insistHoldable(kind, object);
  const fields = fieldsOf(object, inputs);
  const asked = isAsWritten ? askedOtherwise(kind, fields, inputs) : {};
  tellWhatIsKept(kind, { ...fields, ...asked }, known, step.context.log(inputs.__urn));
  return {
    ...settingsOf(kind, inputs),
    ...fields,
    ...object.outputs,
    ...asked,
    ...(known.jobId === undefined ? {} : { jobId: known.jobId }),
    ...madeAt(isListed || kind.token !== undefined, known),
    ...whereabouts(step.context),
    ...step.spent(),
  };
}

/** When it was posted, where no read of its own need have shown it yet. */
function madeAt(mayBeUnseen: boolean, { __create, __madeAt = __create?.postedAt }: CommonOutputs) {
  return mayBeUnseen && __madeAt !== undefined ? { __madeAt } : {};
}

/** The state after an update that leaves the object as it is. */
export function unchanged(kind: Kind, olds: State, news: Inputs): State {
  const isOutput = (key: string) => !isInput(kind, key) && key !== "__asked" && key !== "__unfinished";
  const outputs = Object.fromEntries(Object.entries(olds).filter(([key]) => isOutput(key)));
  const fields = fieldsIn(kind, olds) as Properties & { name: string };
  return { ...outputs, ...settingsOf(kind, news), ...fields, ...askedOtherwise(kind, fields, news) };
}

/** Inputs that are no fields, but settings of ours. */
const SETTINGS = ["onConflict", "timeouts", "__urn", "__autonamed", "__automatic"];

/** Whether a program can set this key of a state. */
export const isInput = ({ fields }: Kind, key: string): boolean =>
  fields.includes(key) || SETTINGS.includes(key);

/** The inputs that a check would make of a program for a state. */
export const inputsOf = (kind: Kind, state: State): Inputs =>
  Object.fromEntries(
    Object.entries(asAsked(state)).filter(
      ([key]) => isInput(kind, key) || kind.foretold?.fields.includes(key),
    ),
  ) as Inputs;
