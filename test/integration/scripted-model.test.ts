import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Flaw } from '../../demo/model/answer.ts';
import { unhurried } from '../contract/language-model.ts';
import { type ModelWorld, openModelWorld } from '../support/scripted-model.ts';

describe('the scripted model', () => {
  const Draft = z.object({
    summary: z.array(z.object({ text: z.string(), evidence: z.array(z.string()) })),
    hypotheses: z.array(
      z.object({ text: z.string(), evidence: z.array(z.string()), confirms: z.string(), refutes: z.string() }),
    ),
    proposals: z.array(z.object({ action: z.string(), target: z.string(), reason: z.string() })),
    outside: z.boolean(),
  });
  const data = JSON.stringify({
    evidence: [
      { id: 'E1', kind: 'change', source: 'release', text: 'memory limit 512Mi -> 256Mi' },
      { id: 'E2', kind: 'log', source: 'log', text: '\n  heap of 310 MB is full\n at Main' },
      { id: 'E3', kind: 'opinion', source: 'kagent', text: 'It is DNS.' },
    ],
    actions: ['rollback-workload'],
  });
  const draftOf = async ({ model }: ModelWorld) =>
    (await model.answer({ instructions: 'Explain.', data, schema: Draft, schemaName: 'draft' }, unhurried())).value;

  it.each([['json_schema'], ['schema_object'], ['text']])('explains the evidence, asked by %s', async (format) => {
    const world = await openModelWorld();
    Object.assign(world.server.can, {
      jsonSchema: format === 'json_schema',
      schemaObject: format === 'schema_object',
      jsonObject: false,
    });
    const draft = await draftOf(world);
    expect(draft).toMatchObject({
      summary: [
        { text: 'The log says "heap of 310 MB is full".', evidence: ['E2'] },
        { text: 'Before it began, this changed: "memory limit 512Mi -> 256Mi".', evidence: ['E1'] },
      ],
      proposals: [],
      outside: false,
    });
    expect(draft.hypotheses).toMatchObject([
      { text: 'It may follow from "memory limit 512Mi -> 256Mi".', evidence: ['E1'] },
    ]);
    expect(world.server.requests.at(-1)?.format).toBe(format);
  });

  it('answers a question from what speaks of it', async () => {
    const world = await openModelWorld();
    const asked = JSON.stringify({ ...JSON.parse(data), question: 'Is the heap too small?' });
    const schema = z.object({ sentences: Draft.shape.summary, outside: z.boolean() });
    const answer = await world.model.answer(
      { instructions: '', data: asked, schema, schemaName: 'answer' },
      unhurried(),
    );
    const sentences = [{ text: 'The log says "heap of 310 MB is full".', evidence: ['E2'] }];
    expect(answer.value).toEqual({ sentences, outside: false });
  });

  it.each(['prose', 'fence', 'thoughts'] as const)('is understood with %s around its answer', async (wrapped) => {
    const world = await openModelWorld();
    world.server.next({ kind: 'evidence', wrapped });
    await draftOf(world);
    expect(world.server.requests).toHaveLength(1);
  });

  it.each<[Flaw, object]>([
    ['invented evidence', { summary: [{ evidence: ['E99'] }, { evidence: ['E99'] }] }],
    ['invented number', { summary: [{ text: expect.stringContaining('731') }, {}] }],
    ['invented name', { summary: [{ text: expect.stringContaining('warehouse-db') }, {}] }],
    ['unknown action', { proposals: [{ action: 'delete-cluster' }] }],
    ['other namespace', { proposals: [{ action: 'rollback-workload', target: 'Deployment kube-system/coredns' }] }],
  ])('can have %s in an answer that fits', async (flaw, expected) => {
    const world = await openModelWorld();
    world.server.next({ kind: 'evidence', flaw });
    expect(await draftOf(world)).toMatchObject(expected);
  });
});
