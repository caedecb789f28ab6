import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";

// pulumi preview --policy-pack ../policy-pack --policy-pack-config policies.json
new PolicyPack("genesyscloud-eventbridge", { policies });
