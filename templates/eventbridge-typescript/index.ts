import * as pulumi from "@pulumi/pulumi";
import { EventBridgeIntegration } from "pulumi-genesyscloud-eventbridge";

const config = new pulumi.Config();

// Presence and transcripts go to the AWS account, as a partner event source.
const voice = new EventBridgeIntegration("voice", {
  awsAccountId: config.require("awsAccountId"),
  awsAccountRegion: config.require("awsAccountRegion"),
  eventFilter: ["v2.users.{id}.presence", "v2.conversations.{id}.transcription"],
});

// An event bus in that account takes it up under this name.
export const partnerEventSource = voice.partnerEventSourceName;
