import { expect, it } from 'vitest';
import type { Controls, KillSwitch } from '../../src/core/ports/controls.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';

export interface ControlsUnderTest {
  readonly controls: Controls;
  /** What was stored of the switches is gone. */
  readonly lose: () => Promise<void>;
}

export const engaged: KillSwitch = { engaged: true, by: 'U_CHI', at: 1_772_445_600_000, reason: 'release day' };

/** What all controls promise. `open` answers some on which nobody has touched a switch. */
export function describeControls(open: () => Promise<ControlsUnderTest>): void {
  it('begin with the kill switch off', async () => {
    const { controls } = await open();
    expect(await controls.killSwitch()).toEqual({ engaged: false });
  });

  it('say who engaged the kill switch, when and why, until it is released', async () => {
    const { controls } = await open();
    await controls.setKillSwitch(engaged);
    expect(await controls.killSwitch()).toEqual(engaged);
    await controls.setKillSwitch({ engaged: false });
    expect(await controls.killSwitch()).toEqual({ engaged: false });
  });

  it('do not take a kill switch that is lost for one that is off', async () => {
    const { controls, lose } = await open();
    await lose();
    expect(await failureOf(controls.killSwitch())).toMatchObject({ code: 'record-conflict', retry: 'permanent' });
    await controls.setKillSwitch(engaged);
    expect(await controls.killSwitch()).toEqual(engaged);
  });
}
