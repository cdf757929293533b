import { describe, expect, it } from 'vitest';
import { renderDetails } from '../../../src/notifications/reports/details.ts';
import { aPlan, aProposal } from '../../support/builders.ts';
import { shownText } from '../../support/shown.ts';

describe('the details', () => {
  it('show the whole diff in pieces that end at lines, the rulings and the expiry, bound to the version', () => {
    const lines = Array.from({ length: 120 }, (_, index) => `+ line ${index} ${'x'.repeat(30)}`);
    const view = renderDetails(aProposal({ version: 4, plan: aPlan({ diff: lines.join('\n') }) }));
    const shown = shownText({ text: '', blocks: JSON.parse(JSON.stringify(view.blocks)) });
    for (const line of lines) expect(shown).toContain(`${line}\n`);
    expect(shown).toContain('Guardrail kill-switch (allows it): The kill switch is off.');
    expect(shown).toContain('Waits for an approver until <!date^');
    expect(JSON.parse(view.private_metadata ?? '')).toEqual({ proposal: 'p000000000000001', version: 4 });
  });

  it('say that a longer diff was cut', () => {
    const diff = Array.from({ length: 900 }, (_, index) => `+ line ${index} ${'x'.repeat(30)}`).join('\n');
    expect(JSON.stringify(renderDetails(aProposal({ plan: aPlan({ diff }) })))).toContain('cut here');
  });

  it('say so when nothing differs, and what became of it', () => {
    const view = JSON.stringify(
      renderDetails(aProposal({ state: 'rejected', rulings: [], plan: aPlan({ diff: '' }) })),
    );
    expect(view).toContain('Nothing that is declared changes.');
    expect(view).toContain('This proposal is rejected.');
  });
});
