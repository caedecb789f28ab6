/** A picture of an organisation: what is read of it, in how many calls, over real HTTP. */
import { startSandbox } from "genesyscloud-sandbox";
import { expect, onTestFinished, test } from "vitest";
import { findObjects } from "../../provider/src/importing/find.js";
import { KINDS } from "../../provider/src/kinds.js";
import { beginOn } from "../../provider/src/lifecycle/kind.js";
import { flowsOfOrganisation } from "../../provider/src/picture/fromOrganisation.js";
import { controlPlaneOf } from "../support/controlPlane.js";
import { fakeContext } from "../unit/provider/support/context.js";
import { clientOf } from "./support.js";

test("both kinds are read from their lists, and topics and targets are called by their names", async () => {
  const sandbox = await startSandbox({ control: true, exampleIntegrations: true });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  for (let index = 0; index < 30; index++)
    await control("POST", "sources", {
      name: `source ${index}`,
      event_topic_id: "topic-conversation-start",
      targets: [{ target_id: "target-crm", priority: 1 }],
      filters: [
        { name: "vip", action: "route", conditions: [{ field: "x", operator: "equals", value: "planted" }] },
      ],
      webhook_url: "https://hooks.invalid/planted",
    });
  const steps = KINDS.map((kind) =>
    beginOn(kind, { ...fakeContext().context, client: clientOf(sandbox.url) }, "1m"),
  );
  const { objects } = await findObjects(steps, { ids: [], names: [], all: true }, () => () => {});
  const flows = await flowsOfOrganisation(objects, steps);

  expect(flows.filter(({ noun }) => noun === "source")).toHaveLength(30);
  expect(flows[0]).toEqual({
    noun: "source",
    name: "source 0",
    change: "same",
    from: [{ word: "topic", id: "topic-conversation-start", name: "Conversation start", change: "same" }],
    through: ["vip"],
    to: [{ word: "target", id: "target-crm", name: "Crm", change: "same" }],
  });
  const integrations = flows.filter(({ noun }) => noun === "integration");
  expect(integrations.map(({ name }) => name)).toEqual(["Audits", "Conversation details"]);
  expect(integrations[0]?.to).toEqual([
    { word: "AWS event source", id: "audits", detail: "AWS 012345678901 eu-central-1", change: "same" },
  ]);
  expect(JSON.stringify(flows)).not.toContain("planted");
  const requests: { method: string; path: string }[] = await control("GET", "requests");
  expect(
    requests
      .filter(({ path }) => path.startsWith("/api/"))
      .map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`)
      .toSorted(),
  ).toEqual([
    ...["sources", "targets", "topics"].map((list) => `GET /api/v2/eventbridge/${list}`),
    "GET /api/v2/integrations",
    "GET /api/v2/organizations/me",
  ]);
});
