import type { Config } from '../config/load.ts';
import type { StormParams } from '../notifications/storm.ts';

/** How many new incidents a channel takes. */
export function stormOf({ slack: { storm } }: Config): StormParams {
  return { roots: storm.incidents, withinMs: storm.withinMinutes * 60_000 };
}
