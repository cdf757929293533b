/** What a connection to the API server needs now. Text fields are PEM. */
export interface Secrets {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Value of the `Authorization` header, and any other header the identity needs. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How to reach one cluster, and as whom. */
export interface Credentials {
  /** `https://host:port`, possibly with a path, without a trailing slash. */
  readonly server: string;
  /** Name to check the server's certificate against, where it differs from the host. */
  readonly serverName: string | undefined;
  /** True: the server's certificate is not checked (the kubeconfig says so). */
  readonly insecure: boolean;
  /** URL of an HTTP proxy in front of the API server. */
  readonly proxy: string | undefined;
  /** Reads the secrets, from memory where they are recent; `fresh` reads them anew, for when the server refused the old ones. */
  read(options: { readonly fresh: boolean }): Promise<Secrets>;
}

/** Kubernetes renews a mounted token at 80 % of its life; client-go looks once a minute too. */
export const rereadAfterMs = 60_000;
