/** Changes what a state has, without overwriting what somebody else has changed. */
import { differences, sayPlaces } from "./differences.js";
import { differingFields, fieldsOf } from "./fields.js";
import type { Inputs, Properties } from "./inputs.js";
import { stillAsked, unmetFields } from "./kept.js";
import { hasFailed, type KindStep } from "./kind.js";
import type { Observed } from "./kindApi.js";
import { sayName } from "./messages.js";
import { untilReached } from "./reach.js";
import { countConflict, isNoLaterThan, type Known, replaceVersion, type Written } from "./write.js";

/** Replaces an object's fields, reading it again when somebody else changed it meanwhile. */
export async function replaceFields(
  objectId: string,
  olds: Known,
  news: Inputs,
  step: KindStep,
): Promise<Written> {
  let from = olds;
  for (let conflicts = 0; ; conflicts++) {
    const outcome = await replaceVersion(objectId, from, news, step);
    if (!("changed" in outcome)) return outcome;
    countConflict(outcome, conflicts, step);
    const { changed } = outcome;
    const present = settled(changed, olds, news, step);
    if (present === "as wanted") {
      const object = await untilReached(changed, objectId, news, step);
      return { object, isAsWritten: isNoLaterThan(changed.version, object) };
    }
    from = { ...from, ...present, ...changed.outputs };
  }
}

/**
 * What somebody else has made of an object.
 *
 * @throws Error where the program asks for something else than what was changed.
 */
function settled(object: Observed, olds: Known, news: Inputs, step: KindStep): Properties | "as wanted" {
  const { kind } = step;
  const present = fieldsOf(object, olds);
  const known = { ...present, ...stillAsked(kind, present, olds) };
  if (!hasFailed(step, object, news) && unmetFields(kind, known, news).length === 0) return "as wanted";
  refuseToOverwrite(present, olds, news, step);
  return present;
}

/**
 * @throws Error naming every place that somebody else changed and the program wants otherwise. No values: which of them
 *   are secret in the program is not told to a provider.
 */
function refuseToOverwrite(present: Properties, olds: Properties, news: Inputs, { kind }: KindStep): void {
  const wantedOtherwise = differingFields(kind, present, news);
  const disputed = differingFields(kind, present, olds).filter((field) => wantedOtherwise.includes(field));
  if (disputed.length === 0) return;
  const places = differences(kind, present, news).filter((place) =>
    disputed.some((field) => place.startsWith(field)),
  );
  throw new Error(
    `${sayName(kind, news)} was changed since it was last read, outside of Pulumi or by a run that was cut short, and the program asks for something else: ${sayPlaces(places)}. Run "pulumi refresh" to take the change into the state, then "pulumi preview --diff", which shows the values, and "pulumi up" to decide.`,
  );
}
