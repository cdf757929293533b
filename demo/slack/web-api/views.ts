import { z } from 'zod';
import { type JsonObject, readString } from '../../../src/core/json.ts';
import { checkView } from '../block-kit/check.ts';
import { showView } from '../payloads.ts';
import type { Trigger, TriggerState } from '../tickets.ts';
import type { View } from '../views.ts';
import type { World } from '../world.ts';
import { judge } from './message-content.ts';
import { ApiError, defineMethod, jsonObject } from './method.ts';

const viewBytes = 250_000;
const triggered = z.object({ trigger_id: z.string(), view: jsonObject });

const open = defineMethod({
  name: 'views.open',
  rate: 'tier4',
  args: triggered,
  run: (args, world) => {
    checkDefinition(world, args.view, 'modal');
    const { userId } = redeem(world, args.trigger_id);
    return { view: showView(world.views.open(userId, args.view)) };
  },
});

const push = defineMethod({
  name: 'views.push',
  rate: 'tier4',
  args: triggered,
  run: (args, world) => {
    checkDefinition(world, args.view, 'modal');
    const { userId } = redeem(world, args.trigger_id);
    const depth = world.views.stack(userId).length;
    if (depth === 0) throw new ApiError('not_found');
    if (depth >= world.limits.modalStack) throw new ApiError('push_limit_reached');
    return { view: showView(world.views.push(userId, args.view)) };
  },
});

const update = defineMethod({
  name: 'views.update',
  rate: 'tier4',
  args: z.object({
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
    view: jsonObject,
  }),
  run: (args, world) => {
    const old = findView(world, args);
    if (old === undefined) throw new ApiError('not_found');
    checkDefinition(world, args.view, old.type);
    checkHash(old, args.hash);
    return { view: showView(world.views.update(old.id, args.view) ?? old) };
  },
});

const publish = defineMethod({
  name: 'views.publish',
  rate: 'tier4',
  args: z.object({ user_id: z.string(), hash: z.string().optional(), view: jsonObject }),
  run: (args, world) => {
    if (world.directory.user(args.user_id) === undefined) throw new ApiError('user_not_found');
    checkDefinition(world, args.view, 'home');
    const old = world.views.home(args.user_id);
    if (old !== undefined) checkHash(old, args.hash);
    return { view: showView(world.views.publish(args.user_id, args.view)) };
  },
});

export const viewMethods = [open, push, update, publish] as const;

const triggerErrors: Readonly<Record<Exclude<TriggerState, 'fresh'>, string>> = {
  unknown: 'invalid_trigger_id',
  used: 'exchanged_trigger_id',
  expired: 'expired_trigger_id',
};

function redeem(world: World, id: string): Trigger {
  const { state, trigger } = world.triggers.redeem(id);
  if (trigger === undefined) throw new ApiError(state === 'fresh' ? 'invalid_trigger_id' : triggerErrors[state]);
  return trigger;
}

function findView(world: World, args: { view_id?: string | undefined; external_id?: string | undefined }) {
  if (args.view_id !== undefined) return world.views.find(args.view_id);
  return args.external_id === undefined ? undefined : world.views.findExternal(args.external_id);
}

function checkHash(view: View, hash: string | undefined): void {
  if (hash !== undefined && hash !== view.hash) throw new ApiError('hash_conflict');
}

function checkDefinition(world: World, definition: JsonObject, type: View['type']): void {
  if (readString(definition, 'type') !== type) {
    throw new ApiError('invalid_arguments', { messages: [`[ERROR] must be a ${type} [json-pointer:/view/type]`] });
  }
  judge(world, 'invalid_arguments', checkView(definition));
  if (JSON.stringify(definition).length > viewBytes) throw new ApiError('view_too_large');
  world.violations.inspect(type, definition);
}
