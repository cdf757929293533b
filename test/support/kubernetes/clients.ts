import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
} from '../../../src/platform/kubernetes/http-client.ts';

/** A client without credentials, for fake servers. */
export function openClient(server: string, options: HttpClientOptions = {}): HttpClient {
  return createHttpClient(
    {
      server,
      serverName: undefined,
      insecure: false,
      proxy: undefined,
      read: () => Promise.resolve({ ca: undefined, cert: undefined, key: undefined, headers: {} }),
    },
    options,
  );
}
