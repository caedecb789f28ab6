/** The lines that `sandbox` prints, to be pasted into another terminal: a project with a program, and its settings; or these alone. */
import { inShell } from "../inShell.js";

/** What a program is told of a simulated organisation. */
interface Sandbox {
  url: string;
  clientId: string;
  /** Absent where it is not to be shown: then the CLI asks for it. */
  clientSecret?: string;
}

/** Lines for a POSIX shell, in a folder below which the package is found. The program needs no compiler. */
export const firstSteps = (sandbox: Sandbox): string => `mkdir events && cd events
cat > Pulumi.yaml <<'END'
name: events
runtime: nodejs
END
cat > index.js <<'END'
// Conversations of important customers go to the CRM.
const { EventBridgeSource } = require("pulumi-genesyscloud-eventbridge");

const vip = new EventBridgeSource("vip-conversations", {
  eventTopicId: "topic-conversation-start",
  targets: [{ targetId: "target-crm" }],
  filters: [{ name: "vip", conditions: [{ field: "priority", operator: "equals", value: "high" }] }],
});

exports.sourceId = vip.sourceId;
exports.status = vip.status;
END
pulumi stack init dev
${settingsOf(sandbox)}
pulumi up`;

/** The lines that let a stack reach it, for a project that is there. */
export const settingsOf = ({ url, clientId, clientSecret }: Sandbox): string =>
  `pulumi config set genesyscloud:gateway ${inShell(url)}
pulumi config set genesyscloud:oauthClientId ${inShell(clientId)}
pulumi config set --secret genesyscloud:oauthClientSecret${clientSecret === undefined ? "" : ` ${inShell(clientSecret)}`}`;
