/** The kill switch as read: who engaged it and when, or that it is off. */
export type KillSwitch =
  | { readonly engaged: false }
  | { readonly engaged: true; readonly by: string; readonly at: number; readonly reason: string };

/** Operators' switches. Reading fails with a `LifeguardError`; a missing state is not "off", it fails too. */
export interface Controls {
  killSwitch(): Promise<KillSwitch>;
  setKillSwitch(state: KillSwitch): Promise<void>;
}
