import { describe, expect, it } from 'vitest';
import { detectors } from '../../../src/analysis/detectors/index.ts';
import { findLastWords } from '../../../src/analysis/explain/last-words.ts';
import { nextStepOf } from '../../../src/analysis/explain/next-steps.ts';
import { commands } from '../../../src/handlers/commands.ts';
import { aFinding, aRelease } from '../../support/builders.ts';

const kinds = detectors.flatMap((detector) => Object.keys(detector.kinds));
const words = new Set(commands.map(({ id }) => id));

describe.each(kinds)('what to do about %s', (kind) => {
  const { release: _release, ...bare } = aFinding({ kind });
  const step = nextStepOf(bare, undefined, '/kube') ?? '';

  it('is a sentence of this incident', () => {
    expect(step).toMatch(/^[A-Z][^\n]{40,400}\.$/);
    expect(step).not.toMatch(/[{}|]/);
    expect(step.length).toBeLessThanOrEqual(400);
  });

  it('names only commands that there are', () => {
    const named = [...step.matchAll(/\/kube (\S+?)[`\s]/g)].map(([, word = '']) => word);
    expect(named.filter((word) => !words.has(word))).toEqual([]);
  });

  it('has whole commands', () => {
    expect(step.split('`').length % 2).toBe(1);
  });
});

describe('the next step', () => {
  it('names the workload in whole commands', () => {
    const { release: _release, ...bare } = aFinding();
    expect(nextStepOf(bare, undefined, '/lifeguard')).toBe(
      'Read the log of the run that crashed (`/lifeguard logs shop/checkout --previous`) and mend what it ends with; `/lifeguard events shop/checkout` shows what changed before.',
    );
  });

  it('is first what the log calls for, then what its kind does, then the way back', () => {
    const steps = nextStepOf(aFinding(), findLastWords(['listen tcp :80: bind: permission denied']), '/kube')?.split(
      '\n',
    );
    expect(steps?.[0]).toContain('Ports below 1024');
    expect(steps?.[1]).toContain('Read the log of the run that crashed');
    expect(steps?.[2]).toBe('Revision 2 may be to blame: `/kube rollback shop/checkout` goes back.');
    expect(steps).toHaveLength(3);
  });

  it('offers no way back from a first release', () => {
    const finding = aFinding({ release: aRelease({ fromRevision: null }) });
    expect(nextStepOf(finding, undefined, '/kube')).not.toContain('rollback');
  });

  it('names what is missing', () => {
    const about = [{ kind: 'Secret', namespace: 'shop', name: 'db' }];
    expect(nextStepOf(aFinding({ kind: 'container-config', about }), undefined, '/kube')).toMatch(
      /^Create or correct Secret shop\/db; /,
    );
  });

  it('is the same for every alert, whatever its name; the name of its subject stays out of commands where it is no plain one', () => {
    const subject = { kind: 'Application', namespace: '', name: 'a`; rm -rf /' };
    const step = nextStepOf(aFinding({ kind: 'alert/TargetDown', subject }), undefined, '/kube');
    expect(step).toContain('`/kube events <workload>`');
  });

  it('is not known for what no detector finds', () => {
    expect(nextStepOf(aFinding({ kind: 'constructor' }), undefined, '/kube')).toBeUndefined();
  });
});
