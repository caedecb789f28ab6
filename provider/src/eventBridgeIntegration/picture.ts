/** How pictures show an integration. */
import { type Draw, shownList, shownText } from "../lifecycle/drawing.js";

export const draw: Draw = (properties) => {
  const { eventFilter, awsAccountId, awsAccountRegion, eventSourceSuffix, enabled } = properties;
  return {
    from: shownList(eventFilter).map((topic) => ({ word: "topic", id: shownText(topic) })),
    through: [],
    to: [
      {
        // Its whole name bears the organisation's id, which tells nothing here.
        word: "AWS event source",
        id: shownText(eventSourceSuffix),
        detail: `AWS ${shownText(awsAccountId)} ${shownText(awsAccountRegion)}`,
      },
    ],
    ...(enabled === false ? { note: "disabled" } : {}),
  };
};
