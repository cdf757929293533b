import { LifeguardError } from '../../../src/core/errors.ts';
import type { Controls, KillSwitch } from '../../../src/core/ports/controls.ts';

export interface FakeControls extends Controls {
  /** The state of the switch is gone, as after the loss of the store. */
  lose(): void;
}

/** Switches in memory, all off. */
export function createFakeControls(): FakeControls {
  let state: KillSwitch | undefined = { engaged: false };
  return {
    async killSwitch() {
      if (state !== undefined) return state;
      throw new LifeguardError('its state is missing or damaged', { code: 'record-conflict', retry: 'permanent' });
    },
    setKillSwitch: async (next) => void (state = next),
    lose: () => void (state = undefined),
  };
}
