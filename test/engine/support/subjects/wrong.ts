/** Programs of which much is wrong: every mistake is to be named at its path, at once. */

const condition = { field: "a", operator: "equals", value: "b" };

export const WRONG_SOURCE = {
  args: {
    targets: [
      { targetId: "target-crm", priority: 1 },
      { targetId: "target-crm", priority: 3 },
      { targetID: "target-siem", priority: 0 },
    ],
    filters: [
      {
        name: "a",
        conditions: [
          { ...condition, operator: "equal" },
          { ...condition, operator: "greater_than" },
        ],
      },
      { name: "a", conditions: [], action: 7 },
      { name: "", conditions: Array(11).fill(condition) },
      {
        name: "d",
        conditions: [
          { ...condition, value: {} },
          { field: "", operator: "contains", value: "x" },
          { operator: "equals", value: 1 },
        ],
      },
      "not a filter",
      "one too many",
    ],
    name: "n".repeat(257),
    descripton: "mistyped",
    sourceType: "kafka",
    status: "enabled",
    webhookUrl: "ftp://hidden-user:hidden-password@example.com",
    onConflict: "adapt",
    timeouts: { create: "soon" },
  },
  paths: [
    "eventTopicId",
    "targets[1].targetId",
    "targets[2].targetId",
    "targets[2].targetID",
    "targets[2].priority",
    "filters",
    "filters[0].conditions[0].operator",
    "filters[0].conditions[1].value",
    "filters[1].name",
    "filters[1].conditions",
    "filters[2].name",
    "filters[2].conditions",
    "filters[3].conditions[0].value",
    "filters[3].conditions[1].field",
    "filters[4]",
    "filters[3].conditions[2].field",
    "filters[1].action",
    "name",
    "descripton",
    "sourceType",
    "status",
    "webhookUrl",
    "onConflict",
    "timeouts.create",
  ],
  says: [
    'filters[0].conditions[0].operator: must be "equals", "contains" or "greater_than"',
    'descripton: is not an argument (did you mean "description"?)',
  ],
};

export const WRONG_INTEGRATION = {
  args: {
    awsAccountId: 12345678901,
    awsAccountRegion: "Frankfurt",
    eventFilter: ["v2.users.{id}.presence", "", "v2.users.{id}.presence", 7],
    eventSourceSuffix: "s".repeat(65),
    name: "n".repeat(257),
    note: "mistyped",
    notes: 7,
    enabled: "yes",
    webhookUrl: "ftp://hidden-user:hidden-password@example.com",
    onConflict: "adapt",
    timeouts: { create: "soon" },
  },
  paths: [
    "awsAccountId",
    "awsAccountRegion",
    "eventFilter[1]",
    "eventFilter[2]",
    "eventFilter[3]",
    "eventSourceSuffix",
    "name",
    "note",
    "notes",
    "enabled",
    "webhookUrl",
    "onConflict",
    "timeouts.create",
  ],
  says: [
    "awsAccountId: must be an AWS account: 12 digits, as a string, not a number",
    'note: is not an argument (did you mean "notes"?)',
  ],
};
