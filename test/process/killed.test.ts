/** What a provider that was killed amid its creates has left in the audit log, the outbox and the organisation. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox } from "genesyscloud-sandbox";
import { expect, onTestFinished, test } from "vitest";
import { openChain } from "../../provider/src/hooks/audit/chain.js";
import type { AuditRecord } from "../../provider/src/hooks/audit/record.js";
import { verifyLog } from "../../provider/src/hooks/audit/verify.js";
import { inStates } from "../../provider/src/stub.js";
import { startReceiver } from "../client/receiver.js";
import { makeProjectFolder } from "../model/support/projectFolder.js";
import { ProviderProcess } from "../model/support/providerProcess.js";
import { revealed } from "../model/support/secrets.js";
import { randomFrom } from "../support/random.js";
import { entryWith } from "../unit/provider/hooks/audit/support.js";

/** How often it is killed; 200 in the nightly run. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 10);
/** Repeats the moments of an earlier run, as parts of what all the creates take. */
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const SOURCES = 50;
/** As many as the engine has under way at once on two cores. */
const AT_ONCE = 8;
const { type: TYPE, stub: STUB } = inStates("EventBridgeSource");

/** Creates sources as the engine does, until all are there or the provider is gone. */
async function createAll(provider: ProviderProcess): Promise<void> {
  let next = 0;
  async function createSome(): Promise<void> {
    while (next < SOURCES) {
      const urn = `urn:pulumi:dev::model::${TYPE}::s${next++}`;
      const news = {
        eventTopicId: "topic-conversation-start",
        targets: [{ targetId: "target-crm" }],
        __urn: urn,
      };
      const { inputs } = await provider.check(urn, {}, { ...news, __provider: STUB });
      await provider.create(urn, revealed(inputs));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, createSome));
}

/** An organisation, a receiver of notices and a provider that is to make sources there. */
async function begin() {
  const sandbox = await startSandbox({
    control: true,
    jobDurationMs: 60,
    rateLimit: { allowed: 1e9, windowSeconds: 60 },
  });
  const receiver = await startReceiver();
  const project = await makeProjectFolder();
  onTestFinished(project.remove);
  const provider = await ProviderProcess.start({
    cwd: project.folder,
    config: {
      "genesyscloud:gateway": sandbox.url,
      "genesyscloud:oauthClientId": "sandbox-client",
      "genesyscloud:oauthClientSecret": "sandbox-secret",
      "genesyscloud:webhookUrl": receiver.url,
      "genesyscloud:webhookAllowPrivate": "true",
    },
  });
  return { sandbox, receiver, project, provider };
}

/** How long all the creates take on this machine, in milliseconds. */
async function durationOfAll(): Promise<number> {
  const { sandbox, receiver, project, provider } = await begin();
  const begun = performance.now();
  await createAll(provider);
  const taken = performance.now() - begun;
  await provider.kill();
  await Promise.all([sandbox.close(), receiver.close()]);
  await project.remove();
  return taken;
}

const isOutcome = ({ event_type }: AuditRecord) => !event_type.endsWith("_intent");

test(`killed at ${ROUNDS} moments of ${SOURCES} creates (KILL_SEED=${SEED}), the log is intact, every source has an intent, every outcome is true and no notice of one is lost`, {
  timeout: (ROUNDS + 1) * 120_000,
}, async () => {
  const random = randomFrom(SEED);
  // Somewhat longer than the creates take, so that some rounds are killed when they are over.
  const latest = 1.1 * (await durationOfAll());
  let outcomes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const moment = Math.round(random() * latest);
    const where = `round ${round}, killed after ${moment} ms`;
    const { sandbox, receiver, project, provider } = await begin();
    const created = createAll(provider).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, moment));
    await provider.kill();
    await created;

    // The next start sets a torn end aside, if there is one, and goes on.
    const log = join(project.folder, "audit_logs.jsonl");
    await openChain(log, () => {}).append(entryWith());
    const { finding, records } = await verifyLog(log);
    expect(finding, where).toBeUndefined();

    const { sources } = (await (await fetch(`${sandbox.url}/__sandbox/state`)).json()) as {
      sources: { source_id: string; name: string }[];
    };
    const intended = new Set(records.filter((record) => !isOutcome(record)).map(({ name }) => name));
    for (const { name } of sources) expect(intended, where).toContain(name);

    const outbox = join(project.folder, "audit_logs.outbox");
    const waiting = readdirSafely(outbox).map(
      (file) => JSON.parse(readFileSync(join(outbox, file), "utf8")).body,
    );
    const told = new Set(
      [...waiting, ...receiver.received.map(({ body }) => body)].map((body) => JSON.parse(body).source_id),
    );
    for (const { source_id, name, final_status } of records.slice(0, -1).filter(isOutcome)) {
      expect(final_status, where).toBe("active");
      expect(sources, where).toContainEqual(expect.objectContaining({ source_id, name, status: "active" }));
      expect(told, where).toContain(source_id);
      outcomes += 1;
    }
    await sandbox.close();
    await receiver.close();
    await project.remove();
  }
  // Neither all of them killed before the first outcome nor all after the last.
  expect(outcomes).toBeGreaterThan(0);
  expect(outcomes).toBeLessThan(ROUNDS * SOURCES);
});

/** The whole files of a folder; what a killed process was still writing is none. */
function readdirSafely(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(".json"));
  } catch {
    return [];
  }
}
