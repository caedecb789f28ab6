/** In place of the platform's SDK: hands every request to an organisation in memory. */
import type { ApiClient } from "../../../../provider/src/genesys/sdk.js";

export const simulatedSdk = {
  /** Who is asked now. */
  organisation: undefined as { call(method: string, job: string | undefined): Promise<object> } | undefined,
  underSignal: (_: AbortSignal, call: () => unknown) => call(),
  createApiClient: (): Partial<ApiClient> => ({
    setAccessToken: () => {},
    loginClientCredentialsGrant: async () => ({ tokenExpiryTime: Date.now() + 86_400_000 }),
    callApi: (async (_: string, method: string, { jobId }: { jobId?: string }) =>
      simulatedSdk.organisation?.call(method, jobId)) as unknown as ApiClient["callApi"],
  }),
};
