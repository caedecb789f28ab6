// Appends to an audit log from a process of its own: `appender.mjs <log> <name> <records> [tell]`. With `tell` it names
// each record once it is there.
import { createRequire } from "node:module";

const { openChain } = createRequire(import.meta.url)("../../../provider/dist/hooks/audit/chain.js");
const [, , path = "", name = "", records, tell] = process.argv;
const chain = openChain(path, console.error);
/** As many as steps may be under way at once. */
const AT_ONCE = 32;

let next = 0;
async function appendSome() {
  while (next < Number(records)) {
    next += 1;
    const record = await chain.append({
      event_type: "eventbridge_source_registration",
      source_id: null,
      name: `${name}-${next}`,
      urn: null,
      job_id: null,
      final_status: "active",
      validation_success: true,
      latency_seconds: 0,
      retry_count: 0,
      timestamp: new Date().toISOString(),
    });
    if (tell) process.stdout.write(`${record.name}\n`);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, appendSome));
