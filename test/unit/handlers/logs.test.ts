import { describe, expect, it } from 'vitest';
import type { People } from '../../../src/core/ports/people.ts';
import { createDeskWorld, openDesk } from '../../support/desk.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { aPattern, counts, theLogs } from '../../support/log-views.ts';
import { shownText } from '../../support/shown.ts';
import { now } from '../../support/views.ts';

const viewer: People = { describe: async () => ({ id: 'U_NEW', kind: 'member', teamIds: ['T0LOCAL'], groups: [] }) };

function openWorld(options: Parameters<typeof createDeskWorld>[0] = {}) {
  const world = createDeskWorld(options);
  async function ask(text: string) {
    const desk = openDesk(world, viewer);
    const { message } = await desk.command({ visitor: { userId: 'U_NEW', teamId: 'T0LOCAL' }, text });
    return { text: message.blocks.length === 0 ? message.text : shownText(message), file: message.file };
  }
  return { ...world, ask };
}

describe('the logs of a workload', () => {
  it('are shown with the newest last, and how much was read', async () => {
    const { ask, logs } = openWorld();
    logs.write('shop/checkout', ['starting', 'cannot reach <!channel> ``` payments']);
    const { text, file } = await ask('logs shop/checkout');
    expect(text).toContain('What shop/checkout wrote in the last 60 min');
    expect(text).toContain("00:00:01.000 cannot reach &lt;!channel&gt; ''' payments");
    expect(text).toContain('2 lines, without secrets · 1 pod, from the pods');
    expect(file).toBeUndefined();
  });

  it('are dated once: by themselves where they say when, otherwise by when they were read', async () => {
    const { ask, logs } = openWorld();
    logs.write('shop/checkout', ['2026-11-30T07:16:33.353Z INFO starting', 'Caused by: refused']);
    const { text } = await ask('logs shop/checkout');
    expect(text).toContain('\n2026-11-30T07:16:33.353Z INFO starting\n00:00:01.000 Caused by: refused\n');
  });

  it('come with a file where they are long', async () => {
    const { ask, logs } = openWorld();
    logs.write(
      'shop/checkout',
      Array.from({ length: 200 }, (_, index) => `line ${index} ${'x'.repeat(40)}`),
    );
    const { text, file } = await ask('logs shop/checkout');
    expect(text).toContain('line 199');
    expect(text).not.toContain('line 0 ');
    expect(file?.name).toBe('checkout.log');
    expect(file?.text.split('\n')).toHaveLength(200);
  });

  it('are read as they were asked for', async () => {
    const { ask, logs } = openWorld();
    await ask('logs shop/checkout --since 15m --grep "connection refused" --previous');
    await ask('logs --previous shop/checkout --grep timeout');
    expect(logs.asked).toEqual([
      { ref: 'shop/checkout', backMs: 900_000, contains: 'connection refused', previous: true },
      { ref: 'shop/checkout', backMs: 3_600_000, contains: 'timeout', previous: true },
    ]);
  });

  it.each([
    ['logs', 'Type `/kube logs <workload>'],
    ['logs a b', 'Type `/kube logs <workload>'],
    ['logs shop/checkout --since never', 'Since when?'],
    ['logs shop/checkout --since 9d', 'Since when?'],
    ['logs shop/checkout --grep', 'Which words?'],
    ['logs nosuch', 'There is no workload `nosuch`'],
  ])('%s is asked back', async (words, answer) => {
    expect((await openWorld().ask(words)).text).toContain(answer);
  });

  it.each(['logs', 'patterns'])('%s say what was not read, because it does not answer', async (command) => {
    const { ask, logs } = openWorld();
    logs.miss('Loki did not answer <!channel>.');
    expect((await ask(`${command} shop/checkout`)).text).toMatch(
      /from the pods · :warning: Loki did not answer &lt;!channel&gt;\.$/,
    );
    logs.write('shop/checkout', ['starting']);
    logs.show('shop/checkout', theLogs([aPattern()]));
    expect((await ask(`${command} shop/checkout`)).text).toMatch(/from the pods · :warning: Loki did not answer/);
  });

  it('that are empty are no riddle', async () => {
    expect((await openWorld().ask('logs shop/checkout --grep x')).text).toContain(
      'shop/checkout has written nothing in the last 60 min, with “x”.',
    );
  });
});

describe('the patterns of a workload', () => {
  it('are shown errors first, then what is said most', async () => {
    const { ask, logs } = openWorld();
    const error = aPattern({ template: 'cannot reach <*>', level: 'error', counts: counts([2, 3]) });
    logs.show('shop/checkout', theLogs([aPattern(), error]));
    const { text } = await ask('patterns shop/checkout 6h');
    expect(text).toContain('406 lines, 2 patterns');
    expect(text).toMatch(
      /ERROR 6x, last .* ago: cannot reach &lt;\*&gt;[^]*400x, last .* ago: order &lt;\*&gt; placed/,
    );
  });

  it('are said to be of the time that was asked for, and where the log is younger, how old its first line is', async () => {
    const { ask, logs } = openWorld({ clock: createSteppedClock(now) });
    logs.show('shop/checkout', theLogs([aPattern()], { since: now - 6_000 }));
    const { text } = await ask('patterns shop/checkout');
    expect(text).toContain('What shop/checkout wrote in the last 60 min');
    expect(text).toContain('The first line is 6 s old · 1 pod, from the pods');
    logs.show('shop/checkout', theLogs([aPattern()], { since: now - 3_599_000 }));
    expect((await ask('patterns shop/checkout')).text).not.toContain('The first line');
  });

  it('of nothing are said to be none', async () => {
    expect((await openWorld().ask('patterns shop/checkout')).text).toContain('has written nothing in the last 60 min.');
    expect((await openWorld().ask('patterns shop/checkout 9d')).text).toContain('Type `/kube patterns');
  });
});
