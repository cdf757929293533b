/** Finds incidents by what they are about. */
export interface IncidentIndex {
  /** The id of the newest incident with this fingerprint. */
  find(fingerprint: string): Promise<string | undefined>;
  /** Claims the fingerprint for `id`; answers the id that holds it afterwards, which may be another. `replaces` is the holder seen before. */
  claim(claim: {
    readonly fingerprint: string;
    readonly id: string;
    readonly replaces: string | undefined;
  }): Promise<string>;
  /** Ids of incidents that are open, oldest first. */
  open(): Promise<readonly string[]>;
  setOpen(id: string, open: boolean): Promise<void>;
}
