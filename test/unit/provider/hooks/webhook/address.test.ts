/** Which network an IP address belongs to, in every form in which it can be written. */
import { expect, test } from "vitest";
import { rangeOf } from "../../../../../provider/src/hooks/webhook/address.js";

test.each([
  ["8.8.8.8", "unicast"],
  ["172.15.255.255", "unicast"],
  ["172.32.0.1", "unicast"],
  ["2606:4700::1111", "unicast"],
  ["::ffff:8.8.8.8", "unicast"],
  ["64:ff9b::8.8.8.8", "unicast"],
  ["127.0.0.1", "loopback"],
  ["::1", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  ["64:ff9b::127.0.0.1", "loopback"],
  ["64:ff9b::10.0.0.1", "private"],
  ["64:ff9b:1::8.8.8.8", "rfc6052"],
  ["::7f00:1", "reserved"],
  ["4000::1", "reserved"],
  ["10.0.0.1", "private"],
  ["169.254.169.254", "linkLocal"],
  ["fe80::1", "linkLocal"],
  ["fd00:ec2::254", "uniqueLocal"],
  ["224.0.0.1", "multicast"],
  ["ff02::1", "multicast"],
  ["0.0.0.0", "unspecified"],
  ["255.255.255.255", "broadcast"],
  ["100.64.0.1", "carrierGradeNat"],
  ["2002:7f00:1::", "6to4"],
])("%s is %s", (address, range) => {
  expect(rangeOf(address)).toBe(range);
});
