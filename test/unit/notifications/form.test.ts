import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkView } from '../../../demo/slack/block-kit/check.ts';
import { choose } from '../../../demo/slack/elements.ts';
import { type JsonObject, readArray, readObject, readString } from '../../../src/core/json.ts';
import { inputsOf, readInputs } from '../../../src/notifications/blocks/form.ts';
import { renderForm } from '../../../src/notifications/reports/form.ts';
import { actions } from '../../../src/ops/actions/index.ts';

function schemaOf(schema: z.ZodType): JsonObject {
  return readObject(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

/** What people may type for each parameter that an action has, and what its schema makes of that. */
const typed: Readonly<Record<string, readonly [typed: unknown, parsed: unknown]>> = {
  revision: ['3', 3],
  version: ['3', 3],
  replicas: ['5', 5],
  min: ['2', 2],
  max: ['8', 8],
  container: ['app', 'app'],
  image: ['registry.example.com:5000/shop/web:1.2.3', 'registry.example.com:5000/shop/web:1.2.3'],
  memory: [' 512Mi ', '512Mi'],
  cpu: ['+50%', '+50%'],
  memoryRequest: ['256Mi', '256Mi'],
  cpuRequest: ['100m', '100m'],
  force: [['yes'], true],
  size: ['20Gi', '20Gi'],
  finalizer: ['example.com/keep', 'example.com/keep'],
  duration: ['2h', '2h'],
  reason: ['deploying a fix', 'deploying a fix'],
  'set-autoscaler-bounds cpu': ['70', 70],
};

/** Slack's `state.values` once somebody has filled in these inputs. */
function stateOf(blocks: readonly unknown[], values: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    blocks.map((block) => {
      const id = readString(block, 'block_id') ?? '';
      return [id, { value: choose(readObject(block, 'element'), values[id]) }];
    }),
  );
}

const offers = actions.map(({ id, title, command }) => ({ id, title, help: command.help }));
const target = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };

function viewOf(chosen: (typeof offers)[number] | undefined, inputs: ReturnType<typeof inputsOf>): unknown {
  const view = renderForm({ metadata: 'f:a', cluster: 'demo', target, incidentId: 'inc-1', offers, chosen, inputs });
  return JSON.parse(JSON.stringify(view));
}

it('the list of all actions is a modal that Slack takes', () => {
  expect(checkView(viewOf(undefined, []))).toEqual([]);
});

describe.each(actions.map((action) => [action.id, action] as const))('the form of %s', (id, action) => {
  const schema = schemaOf(action.params);
  const inputs = inputsOf(schema, ['target']);
  const names = inputs.map(({ block_id }) => block_id ?? '');
  const kind = action.targets?.[0] ?? 'Deployment';
  const about = { kind, namespace: kind === 'Node' ? '' : 'shop', name: 'x', uid: 'u' };

  it('is a modal that Slack takes, with the action chosen', () => {
    const view = viewOf(
      offers.find((offer) => offer.id === id),
      inputs,
    );
    expect(checkView(view)).toEqual([]);
    expect(readString(readArray(view, 'blocks')[1], 'accessory', 'initial_option', 'value')).toBe(id);
  });

  it('carries what is filled in into the parameters', () => {
    const entry = (name: string) => typed[`${id} ${name}`] ?? typed[name];
    const values = Object.fromEntries(names.map((name) => [name, entry(name)?.[0]]));
    const parsed = Object.fromEntries(names.map((name) => [name, entry(name)?.[1]]));
    const params = { target: about, ...readInputs(schema, ['target'], stateOf(inputs, values)) };
    expect(action.params.parse(params)).toEqual({ target: about, ...parsed });
  });

  it('asks for everything that the schema demands, and for nothing else as strictly', () => {
    const params = { target: about, ...readInputs(schema, ['target'], stateOf(inputs, {})) };
    const missing = action.params.safeParse(params).error?.issues.map(({ path }) => path[0]) ?? [];
    const demanded = inputs.filter(({ optional }) => optional === false).map(({ block_id }) => block_id);
    expect(missing.filter((name) => name !== undefined)).toEqual(demanded);
  });

  it('explains each input', () => {
    for (const { hint } of inputs) expect(hint?.text).toMatch(/\w/);
  });
});

describe('inputs', () => {
  const schema = schemaOf(
    z.object({
      mode: z.enum(['slow', 'fast']),
      replicas: z.number().int().min(1).max(9),
      share: z.number().positive().optional(),
      force: z.boolean().optional(),
      memoryRequest: z.string().max(32).optional().describe('As `512Mi`.'),
    }),
  );
  const inputs = inputsOf(schema, []);

  it('fit the type: a list, a number within its bounds, a tick, a text', () => {
    expect(inputs.map(({ element, optional }) => [element.type, optional])).toEqual([
      ['static_select', false],
      ['number_input', false],
      ['number_input', true],
      ['checkboxes', true],
      ['plain_text_input', true],
    ]);
    expect(inputs[1]?.element).toMatchObject({ min_value: '1', max_value: '9', is_decimal_allowed: false });
    expect(inputs[2]?.element).toMatchObject({ is_decimal_allowed: true });
    expect(inputs[4]).toMatchObject({ label: { text: 'Memory request' }, hint: { text: 'As 512Mi.' } });
  });

  it('read what was chosen; nothing that was not asked for', () => {
    const state = stateOf(inputs, { mode: 'fast', replicas: '4', force: ['yes'] });
    const more = { ...readObject(state), target: { value: { type: 'plain_text_input', value: 'kube-system' } } };
    expect(readInputs(schema, [], more)).toEqual({ mode: 'fast', replicas: '4', force: true });
  });
});
