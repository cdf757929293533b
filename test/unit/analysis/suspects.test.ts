import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf } from '../../../src/analysis/suspects/change.ts';
import { rankSuspects } from '../../../src/analysis/suspects/rank.ts';
import type { Dependency, Inquiry, SuspectSeries } from '../../../src/analysis/suspects/suspect.ts';

const minute = 60_000;
const span = { from: 0, to: 9 * minute, points: 10 };
const dependencies: readonly Dependency[] = [
  { of: 'front', on: 'api' },
  { of: 'api', on: 'db' },
];

/** Sixty values that wobble by a tenth around `level`. */
function wobbling(level: number, count = 60): number[] {
  return Array.from({ length: count }, (_, at) => level * (1 + 0.1 * Math.sin(at * 2.4)));
}

/** Usual for `calm` moments, then at `level`. */
function leaping(usual: number, level: number, calm: number): number[] {
  return wobbling(usual, span.points).map((value, at) => (at < calm ? value : level));
}

function latency(node: string, abnormal: readonly (number | undefined)[], usual = 0.1): SuspectSeries {
  return { node, name: 'p99 latency', kind: 'latency', unit: 'seconds', normal: wobbling(usual), abnormal };
}

const cascade: Inquiry = {
  series: [
    latency('front', leaping(0.1, 0.8, 5)),
    latency('api', leaping(0.1, 1.5, 5)),
    latency('db', leaping(0.1, 5, 3)),
    latency('cache', wobbling(0.1, span.points)),
  ],
  dependencies,
  symptom: { node: 'front', kind: 'latency', since: 5 * minute },
  span,
};

function nodesOf(inquiry: Inquiry): readonly string[] {
  return rankSuspects(inquiry).map(({ node }) => node);
}

function add(...series: readonly SuspectSeries[]): Inquiry {
  return { ...cascade, series: [...cascade.series, ...series] };
}

describe('rankSuspects', () => {
  it('names the end of a cascade first, then those that it drew in; what did not change is not suspected', () => {
    expect(nodesOf(cascade)).toEqual(['db', 'api', 'front']);
  });

  it('takes a shout of the one that calls for a symptom, where what it calls is hardly quieter', () => {
    const shouting = cascade.series.map((one) => (one.node === 'front' ? latency('front', leaping(0.1, 8, 5)) : one));
    expect(nodesOf({ ...cascade, series: shouting })[0]).toBe('db');
    expect(nodesOf({ ...cascade, series: shouting, dependencies: [] })[0]).toBe('front');
  });

  it('suspects a dependency that changed less than what it drew in, where it lost as many seconds', () => {
    const slow = cascade.series.map((one) => (one.node === 'db' ? latency('db', leaping(2, 3.4, 5), 2) : one));
    const [first, second] = rankSuspects({ ...cascade, series: slow });
    expect([first?.node, second?.node]).toEqual(['db', 'api']);
  });

  it('does not explain a second with milliseconds, however unusual they are', () => {
    const quick = cascade.series.map((one) =>
      one.node === 'db' ? latency('db', leaping(0.002, 0.04, 5), 0.002) : one,
    );
    const ranked = rankSuspects({ ...cascade, series: quick });
    expect(ranked.map(({ node }) => node)).toEqual(['api', 'db', 'front']);
    expect(ranked[0]?.explainedBy).toBeUndefined();
  });

  it('takes a failing caller for no symptom of a dependency that only got slower', () => {
    const failing = {
      node: 'api',
      name: 'failed share',
      kind: 'errors',
      unit: 'percent',
      normal: wobbling(0.2),
      abnormal: leaping(0.2, 10, 4),
    } as const;
    const slow = latency('db', leaping(0.1, 0.17, 4));
    const inquiry = { ...cascade, series: [failing, slow], symptom: { ...cascade.symptom, kind: 'errors' } } as const;
    expect(nodesOf(inquiry)).toEqual(['api', 'db']);
  });

  it('says why in words with numbers', () => {
    const [first, , last] = rankSuspects(cascade);
    expect(first?.reason).toBe(
      'p99 latency of db rose from 100 ms to 5 s, 2 min before the symptom at front; changed too, and depend on it: api, front',
    );
    expect(last?.reason).toBe('p99 latency of front rose from 100 ms to 800 ms; it depends on db, which changed too');
    expect(first).toMatchObject({ explains: ['api', 'front'], connected: true, change: { since: 3 * minute } });
  });

  it('puts what is louder, but cannot reach the symptom, behind all that can', () => {
    const ranked = rankSuspects(add(latency('batch', leaping(0.1, 90, 3))));
    expect(ranked.map(({ node }) => node)).toEqual(['db', 'api', 'front', 'batch']);
    expect(ranked.at(-1)?.reason).toContain('nothing known makes front depend on it');
  });

  it('suspects what explains more, though a quiet one changed further', () => {
    const louder = add(latency('mail', leaping(0.1, 90, 3)));
    expect(nodesOf({ ...louder, dependencies: [...dependencies, { of: 'front', on: 'mail' }] }).slice(0, 2)).toEqual([
      'db',
      'mail',
    ]);
  });

  it('leaves out what was so before the trouble, and what came after it', () => {
    const [old, late] = [latency('old', leaping(0.1, 9, 0)), latency('late', leaping(0.1, 9, 7))];
    const edges = [...dependencies, { of: 'front', on: 'old' }, { of: 'front', on: 'late' }];
    expect(nodesOf({ ...add(old, late), dependencies: edges })).toEqual(['db', 'api', 'front']);
  });

  it('knows an old trouble by its first sample, also after a gap', () => {
    const old = latency('db', [undefined, undefined, ...leaping(0.1, 9, 0).slice(2)]);
    expect(nodesOf({ ...cascade, series: [old, latency('front', leaping(0.1, 0.8, 5))] })).toEqual(['front']);
  });

  it('suspects what was a little unwell before, when it leapt with the trouble', () => {
    const creeping = latency('db', [0.15, 0.15, 0.15, 0.15, ...leaping(0.1, 9, 0).slice(4)]);
    expect(nodesOf({ ...cascade, series: [creeping, latency('front', leaping(0.1, 0.8, 5))] })).toEqual([
      'db',
      'front',
    ]);
  });

  it('takes a saturated node for a cause, though what it calls is slow', () => {
    const cpu = {
      node: 'api',
      name: 'CPU',
      kind: 'saturation',
      unit: 'percent',
      normal: wobbling(5),
      abnormal: leaping(5, 100, 4),
    } as const;
    expect(rankSuspects(add(cpu)).find(({ node }) => node === 'api')?.reason).toMatch(
      /^CPU of api rose from 5.01 % to 100 %, 1 min before/,
    );
  });

  it('prefers errors where errors are the symptom', () => {
    const failing = {
      name: 'failed share',
      kind: 'errors',
      unit: 'percent',
      normal: wobbling(0.2),
      abnormal: leaping(0.2, 10, 4),
    } as const;
    const slow = latency('cache', leaping(0.1, 2, 4));
    const inquiry = {
      ...cascade,
      series: [{ ...failing, node: 'db' }, slow],
      dependencies: [...dependencies, { of: 'api', on: 'cache' }],
    };
    expect(nodesOf({ ...inquiry, symptom: { ...cascade.symptom, kind: 'errors' } })).toEqual(['db', 'cache']);
    expect(nodesOf({ ...inquiry, symptom: { ...cascade.symptom, kind: 'latency' } })).toEqual(['cache', 'db']);
  });

  it('suspects the earlier of equals', () => {
    const twins = [latency('b', leaping(0.1, 5, 3)), latency('a', leaping(0.1, 5, 4))];
    expect(
      nodesOf({
        ...cascade,
        series: twins,
        dependencies: [
          { of: 'front', on: 'a' },
          { of: 'front', on: 'b' },
        ],
      }),
    ).toEqual(['b', 'a']);
  });

  it('suspects of equals the one that was seen to begin', () => {
    const seldom = latency('b', [...Array.from({ length: 5 }, () => undefined), ...leaping(0.1, 5, 0).slice(5)]);
    const edges = [
      { of: 'front', on: 'a' },
      { of: 'front', on: 'b' },
    ];
    const series = [latency('a', leaping(0.1, 5, 6)), seldom];
    expect(nodesOf({ ...cascade, series, dependencies: edges })).toEqual(['a', 'b']);
  });

  it('does not run in circles where two depend on each other: neither explains the other', () => {
    const both = { ...cascade, dependencies: [...dependencies, { of: 'db', on: 'api' }] };
    expect(nodesOf(both)).toEqual(['db', 'api', 'front']);
  });

  it('suspects nobody where nothing was measured', () => {
    expect(rankSuspects({ series: [], dependencies: [], symptom: { node: 'front', since: 0 }, span })).toEqual([]);
    expect(
      rankSuspects({ ...cascade, series: [latency('db', []), { ...latency('api', [5, 5]), normal: [] }] }),
    ).toEqual([]);
  });

  it('answers the same in whatever order it is told', () => {
    const loud = add(
      latency('batch', leaping(0.1, 5, 3)),
      latency('twin', leaping(0.1, 5, 3)),
      latency('db', leaping(0.1, 5, 3)),
    );
    const expected = rankSuspects(loud);
    const shuffled = fc.tuple(
      fc.shuffledSubarray([...loud.series], { minLength: loud.series.length }),
      fc.shuffledSubarray([...dependencies], { minLength: dependencies.length }),
    );
    fc.assert(
      fc.property(shuffled, ([series, edges]) => {
        expect(rankSuspects({ ...loud, series, dependencies: edges })).toEqual(expected);
      }),
    );
  });

  it('gives finite scores and whole sentences for any values', () => {
    const values = fc.array(fc.option(fc.double({ min: -1e12, max: 1e12 }), { nil: undefined, freq: 9 }), {
      minLength: 22,
      maxLength: 30,
    });
    fc.assert(
      fc.property(values, values, (normal, abnormal) => {
        for (const { score, reason } of rankSuspects({
          ...cascade,
          series: [{ ...latency('db', abnormal), normal }],
        })) {
          expect(Number.isFinite(score)).toBe(true);
          expect(reason).not.toMatch(/NaN|undefined/);
        }
      }),
    );
  });
});

describe('changeOf', () => {
  const step = 0.001;

  it('finds a rise, its onset and its height', () => {
    const change = changeOf({ normal: wobbling(0.1), abnormal: leaping(0.1, 5, 3), step });
    expect(change).toMatchObject({ reached: 5, onset: 3, fromStart: false });
    expect(change?.usual).toBeCloseTo(0.1, 2);
  });

  it('is finite for a constant normal window, and silent about less than a step', () => {
    const normal = Array.from({ length: 30 }, () => 0);
    expect(changeOf({ normal, abnormal: [0, 0, 3, 3], step: 0.1 })?.deviation).toBeCloseTo(30);
    expect(changeOf({ normal, abnormal: [0, 0.2, 0.2, 0.2], step: 0.1 })).toBeUndefined();
  });

  it('takes one sample for a blip, but not two with a gap between them', () => {
    expect(changeOf({ normal: wobbling(1), abnormal: [1, 9, 1, 1], step })).toBeUndefined();
    expect(changeOf({ normal: wobbling(1), abnormal: [1, 9, undefined, Number.NaN, 8, 1], step })).toMatchObject({
      onset: 1,
      reached: 9,
    });
  });

  it('is used to a series that swings through the day, or often leaps', () => {
    const daily = Array.from({ length: 288 }, (_, at) => 10 + 8 * Math.sin((at / 288) * 2 * Math.PI));
    const leapy = wobbling(1, 100).map((value, at) => (at % 10 < 2 ? 9 : value));
    expect(changeOf({ normal: daily, abnormal: [18, 18, 18], step })).toBeUndefined();
    expect(changeOf({ normal: leapy, abnormal: [1, 9, 9], step })).toBeUndefined();
  });

  it('does not judge by less than twenty values', () => {
    expect(changeOf({ normal: wobbling(1, 19), abnormal: [9, 9], step })).toBeUndefined();
    expect(changeOf({ normal: [...wobbling(1, 19), undefined, 1], abnormal: [9, 9], step })).toBeDefined();
  });

  it('takes a fall for no trouble', () => {
    expect(changeOf({ normal: wobbling(5), abnormal: [0, 0, 0], step })).toBeUndefined();
  });
});
