import { isJsonObject, type JsonObject, readString } from '../../src/core/json.ts';
import { choose, findElements, initialChoice, isInteractive } from './elements.ts';
import { app, team, type User } from './seed.ts';
import type { View } from './views.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** `{blockId: {actionId: what the person chose}}`; the choice may be plain (a text, a value) or Slack's own object. */
export type FormValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function findUser(world: World, id: string): User {
  const user = world.directory.user(id);
  if (user === undefined) throw new Error(`no user ${id}`);
  return user;
}

/** Fields that every interactive payload shares. */
export function basePayload(user: User): Wire {
  return {
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: app.id,
    token: 'verification-token',
  };
}

export function showView(view: View, values: FormValues = {}): Wire {
  const { definition } = view;
  return {
    private_metadata: '',
    callback_id: '',
    external_id: '',
    close: null,
    submit: null,
    clear_on_close: false,
    notify_on_close: false,
    ...definition,
    id: view.id,
    team_id: team.id,
    app_id: app.id,
    bot_id: app.botId,
    app_installed_team_id: team.id,
    hash: view.hash,
    root_view_id: view.rootId,
    previous_view_id: view.previousId ?? null,
    blocks: view.blocks,
    state: { values: stateOf(view.blocks, values) },
  };
}

/** `state.values`: every input of these blocks, as given or as it was at first. Buttons have no state. */
export function stateOf(blocks: readonly JsonObject[], given: FormValues): Record<string, Record<string, Wire>> {
  const values: Record<string, Record<string, Wire>> = {};
  for (const { blockId, element } of findElements(blocks)) {
    const actionId = readString(element, 'action_id');
    if (actionId === undefined || !hasState(element)) continue;
    const own = given[blockId];
    const choice = own !== undefined && actionId in own ? own[actionId] : initialChoice(element);
    values[blockId] = { ...values[blockId], [actionId]: choose(element, choice) };
  }
  return values;
}

function hasState(element: JsonObject): boolean {
  const type = readString(element, 'type') ?? '';
  return isInteractive(element) && !/button|overflow/.test(type.replace('radio_buttons', ''));
}

export function emptyInputs(blocks: readonly JsonObject[], values: FormValues): readonly string[] {
  const state = stateOf(blocks, values);
  return blocks.flatMap((block) => {
    const id = readString(block, 'block_id') ?? '';
    if (block['type'] !== 'input' || block['optional'] === true) return [];
    const filled = Object.values(state[id] ?? {}).some((choice) => isFilled(choice));
    return filled ? [] : [id];
  });
}

function isFilled(choice: Wire): boolean {
  return Object.entries(choice).some(([name, value]) => {
    if (name === 'type' || value === null || value === undefined || value === '') return false;
    return Array.isArray(value) ? value.length > 0 : typeof value !== 'object' || isJsonObject(value);
  });
}
