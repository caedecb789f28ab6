/** A kind that the OAuth client may not read: what commands say of it, and what they still do. */
import { startSandbox } from "genesyscloud-sandbox";
import { expect, onTestFinished, test, vi } from "vitest";
import { CommandError } from "../../provider/src/commands/failure.js";
import { findAll } from "../../provider/src/commands/importFinding.js";
import { ACCESS, KINDS } from "../../provider/src/kinds.js";
import { beginOn } from "../../provider/src/lifecycle/kind.js";
import { flowsOfOrganisation } from "../../provider/src/picture/fromOrganisation.js";
import { controlPlaneOf } from "../support/controlPlane.js";
import { errorOf, fakeContext } from "../unit/provider/support/context.js";
import { clientOf } from "./support.js";

const ALL = { ids: [], names: [], all: true };
const SOURCE = {
  name: "Orders",
  event_topic_id: "topic-conversation-start",
  targets: [{ target_id: "target-crm", priority: 1 }],
};

/** An organisation with two integrations and a source, whose client has these rights alone. */
async function organisationWith(rights: { scopes?: string[]; permissions?: string[] }) {
  const sandbox = await startSandbox({ control: true, exampleIntegrations: true });
  onTestFinished(() => sandbox.close());
  const control = controlPlaneOf(sandbox.url);
  await control("POST", "sources", SOURCE);
  await control("PATCH", "settings", rights);
  const context = { ...fakeContext().context, client: clientOf(sandbox.url, { access: ACCESS }) };
  const said: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => said.push(String(line)) > 0);
  onTestFinished(() => void vi.restoreAllMocks());
  return { steps: KINDS.map((kind) => beginOn(kind, context, "1m")), said };
}

test("what takes every kind ends with a line that names the kind and the right", async () => {
  const { steps } = await organisationWith({ permissions: [] });
  const error = await errorOf(findAll(ALL, steps, "end"));
  expect(error).toBeInstanceOf(CommandError);
  expect(error.message).toMatch(/^the OAuth client may not read integrations: GET \/api\/v2\/integrations /);
  expect(error.message).toContain("the permission integrations:integration:view");
  expect(error.message).not.toContain("--kind");
  expect(error.message).not.toContain("\n");
});

test("where --kind is an option, the kind that may be read is named with it", async () => {
  const { steps } = await organisationWith({ permissions: [] });
  const error = await errorOf(findAll(ALL, steps, "end, or --kind"));
  expect(error).toBeInstanceOf(CommandError);
  expect(error.message).toMatch(/ Or leave integrations out, with --kind source$/);
});

test("where no kind may be read, each is named, and no way around them", async () => {
  const { steps } = await organisationWith({ permissions: [], scopes: [] });
  for (const ending of ["end, or --kind", "go on"] as const) {
    const { message } = await errorOf(findAll(ALL, steps, ending));
    expect(message).toMatch(/may not read sources: .*eventbridge:source:read/);
    expect(message).toMatch(/may not read integrations: .*integrations:integration:view/);
    expect(message).not.toContain("--kind");
  }
});

test("a name is not called missing where a kind could not be looked through", async () => {
  const { steps } = await organisationWith({ permissions: [] });
  const error = await errorOf(findAll({ ...ALL, all: false, names: ["Audits"] }, steps, "end"));
  expect(error.message).toMatch(/^the OAuth client may not read integrations/);
});

test("a picture has what may be read, and what may not is said", async () => {
  const { steps, said } = await organisationWith({ permissions: [] });
  const { objects } = await findAll(ALL, steps, "go on");
  const flows = await flowsOfOrganisation(objects, steps);
  expect(flows.map(({ name }) => name)).toEqual(["Orders"]);
  expect(said).toEqual([
    expect.stringMatching(
      /^warning: no integrations are among them, which the OAuth client may not read: GET \/api.*integrations:integration:view/,
    ),
  ]);
});
