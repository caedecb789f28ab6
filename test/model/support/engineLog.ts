/** The engine's log service: keeps the lines that a provider shows to a person. */
import { createRequire } from "node:module";

const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
const grpc = sdk("@grpc/grpc-js");
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js");
const { EngineService } = sdk("./proto/engine_grpc_pb.js");

/** The part of the engine that a provider can call: it shows lines to a person. */
export interface EngineLog {
  address: string;
  lines: string[];
  close(): void;
}

/** Listens for lines on a free port. */
export async function startEngineLog(): Promise<EngineLog> {
  const lines: string[] = [];
  const server = new grpc.Server();
  const refuse = (_: unknown, answer: (error: object) => void) => answer({ code: grpc.status.UNIMPLEMENTED });
  server.addService(EngineService, {
    // biome-ignore lint/suspicious/noExplicitAny: the SDK's gRPC classes are loaded by require and come without types
    log: (call: any, answer: (error: null, reply: object) => void) => {
      lines.push(call.request.getMessage());
      answer(null, new Empty());
    },
    getRootResource: refuse,
    setRootResource: refuse,
    startDebugging: refuse,
    requirePulumiVersion: refuse,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      "127.0.0.1:0",
      grpc.ServerCredentials.createInsecure(),
      (error: unknown, bound: number) => (error ? reject(error) : resolve(bound)),
    );
  });
  return { address: `127.0.0.1:${port}`, lines, close: () => server.forceShutdown() };
}
