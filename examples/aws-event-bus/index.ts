import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EventBridgeIntegration } from "pulumi-genesyscloud-eventbridge";

// Genesys Cloud offers a partner event source to one account in one region: those that the AWS provider works in.
const voice = new EventBridgeIntegration("voice", {
  awsAccountId: aws.getCallerIdentityOutput().accountId,
  awsAccountRegion: aws.getRegionOutput().region,
  eventFilter: ["v2.users.{id}.presence", "v2.conversations.{id}.transcription"],
});

// No event flows before the source has a bus, and AWS drops a source that has had none for two weeks: keep both in
// one stack. AWS wants the source's name twice, and an automatic name of Pulumi's would be refused.
//
// An integration that is made anew has a new source, and AWS leaves the bus of the old one DELETED, even if both have the
// same name. So the bus is made anew whenever the integration's id is another, and first deleted: the names are equal.
// Where Pulumi replaces the integration, it would do so by itself; where somebody has deleted it by hand, it would not.
const bus = new aws.cloudwatch.EventBus(
  "voice",
  { name: voice.partnerEventSourceName, eventSourceName: voice.partnerEventSourceName },
  { replacementTrigger: voice.id, deleteBeforeReplace: true },
);

// Without `eventBusName` a rule is one of the account's default bus. The platform calls every event by its topic, as
// it stands in `eventFilter`. To choose by queue or user, match in `detail.eventBody`.
const transcripts = new aws.cloudwatch.EventRule("transcripts", {
  eventBusName: bus.name,
  eventPattern: JSON.stringify({ "detail-type": ["v2.conversations.{id}.transcription"] }),
});

const log = new aws.cloudwatch.LogGroup("transcripts", {
  name: "/aws/events/genesyscloud-transcripts",
  retentionInDays: 30,
});

// EventBridge writes to a log group by the log group's own policy, never by a role. Log streams are made in the name
// of no rule; what this rule sends is let in, and nobody else's.
const events = { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] };
const mayWrite = new aws.cloudwatch.LogResourcePolicy("transcripts", {
  policyName: "genesyscloud-transcripts",
  policyDocument: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: events,
        Action: "logs:CreateLogStream",
        Resource: pulumi.interpolate`${log.arn}:*`,
      },
      {
        Effect: "Allow",
        Principal: events,
        Action: "logs:PutLogEvents",
        Resource: pulumi.interpolate`${log.arn}:*:*`,
        Condition: { ArnEquals: { "aws:SourceArn": transcripts.arn } },
      },
    ],
  }),
});

new aws.cloudwatch.EventTarget(
  "transcripts",
  { eventBusName: bus.name, rule: transcripts.name, arn: log.arn },
  { dependsOn: mayWrite },
);

export const eventBus = bus.name;
