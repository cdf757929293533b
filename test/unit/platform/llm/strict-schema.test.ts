import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { strictSchema } from '../../../../src/platform/llm/strict-schema.ts';

describe('the schema that a model is given', () => {
  it('requires every key, allows no other, and leaves to Zod what servers differ in', () => {
    const schema = z.object({
      summary: z.array(z.object({ text: z.string().min(1).max(300), at: z.int().nullable() })).max(3),
      state: z.enum(['up', 'down']).describe('How it is.'),
    });
    expect(strictSchema(schema, 'report')).toEqual({
      type: 'object',
      properties: {
        summary: {
          type: 'array',
          items: {
            type: 'object',
            properties: { text: { type: 'string' }, at: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
            required: ['text', 'at'],
            additionalProperties: false,
          },
        },
        state: { type: 'string', enum: ['up', 'down'], description: 'How it is.' },
      },
      required: ['summary', 'state'],
      additionalProperties: false,
    });
  });

  it('has a choice of shapes as any of them', () => {
    const one = z.object({ kind: z.literal('a'), size: z.number() });
    const other = z.object({ kind: z.literal('b') });
    const { properties } = strictSchema(z.object({ either: z.discriminatedUnion('kind', [one, other]) }), 'x');
    expect(properties).toMatchObject({ either: { anyOf: [{ required: ['kind', 'size'] }, { required: ['kind'] }] } });
  });

  it('may hold itself', () => {
    interface Tree {
      readonly name: string;
      readonly children: readonly Tree[];
    }
    const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(tree) }));
    const text = JSON.stringify(strictSchema(z.object({ root: tree }), 'x'));
    expect(text).toContain('$ref');
    expect(text.match(/"additionalProperties":false/g)).toHaveLength(2);
  });

  it.each([
    ['x.deep.counts', z.object({ deep: z.object({ counts: z.record(z.string(), z.number()) }) })],
    ['x.list[].name', z.object({ list: z.array(z.object({ name: z.string().default('a') })) })],
    ['x.pair', z.object({ pair: z.tuple([z.string(), z.number()]) })],
    ['x.open', z.object({ open: z.looseObject({}) })],
  ])('says where it cannot be: %s', (place, schema) => {
    expect(() => strictSchema(schema, 'x')).toThrow(place);
  });

  it('needs a name that servers take', () => {
    expect(() => strictSchema(z.object({}), 'a schema')).toThrow('no name');
  });
});
