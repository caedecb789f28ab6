/** How pictures show a source. */
import { type Draw, partOf, shownList, shownText } from "../lifecycle/drawing.js";
import { DEFAULTS } from "./args.js";

export const draw: Draw = ({ eventTopicId, filters, targets, status }) => ({
  from: [{ word: "topic", id: shownText(eventTopicId) }],
  through: shownList(filters).map(filterText),
  to: shownList(targets).map((target) => ({ word: "target", id: shownText(partOf(target, "targetId")) })),
  ...(status === undefined || status === DEFAULTS.status ? {} : { note: shownText(status) }),
});

/** Its name alone: what its conditions compare with can be secret. */
const filterText = (filter: unknown): string => shownText(partOf(filter, "name"));
