/** No provider's process outlives the engine that it belongs to. */
import { startSandbox } from "genesyscloud-sandbox";
import { expect, onTestFinished, test, vi } from "vitest";
import { inStates } from "../../provider/src/stub.js";
import { makeProjectFolder } from "../model/support/projectFolder.js";
import { ProviderProcess } from "../model/support/providerProcess.js";

const URN = "urn:pulumi:dev::model::pulumi-nodejs:dynamic/genesyscloud:EventBridgeSource::orders";

/** A provider whose code no call has loaded yet, and a check that loads it. */
async function startProvider() {
  const sandbox = await startSandbox();
  const project = await makeProjectFolder();
  onTestFinished(async () => {
    await project.remove();
    await sandbox.close();
  });
  const provider = await ProviderProcess.start({
    cwd: project.folder,
    config: {
      "genesyscloud:gateway": sandbox.url,
      "genesyscloud:oauthClientId": "sandbox-client",
      "genesyscloud:oauthClientSecret": "sandbox-secret",
    },
  });
  onTestFinished(() => provider.kill());
  const news = {
    eventTopicId: "topic-conversation-start",
    targets: [{ targetId: "target-crm" }],
    __urn: URN,
    __provider: inStates("EventBridgeSource").stub,
  };
  return { provider, check: () => provider.check(URN, {}, news) };
}

const ends = (provider: ProviderProcess) =>
  vi.waitUntil(() => provider.ended !== undefined, { timeout: 120_000, interval: 20 });

test("a provider that the engine leaves behind ends by itself", async () => {
  const { provider, check } = await startProvider();
  await check();
  provider.loseEngine();
  await ends(provider);
  expect(provider.ended).toBe(0);
});

test("so does one whose code was loaded only when the engine was gone", async () => {
  const { provider, check } = await startProvider();
  provider.loseEngine();
  await check().catch(() => {});
  await ends(provider);
  expect(provider.ended).toBe(0);
});
