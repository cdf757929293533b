import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Form } from '../core/form.ts';
import { type Incident, incidentRef } from '../core/incident.ts';
import { type Json, type JsonObject, readObject } from '../core/json.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import { inputsOf, readInputs } from '../notifications/blocks/form.ts';
import { inline } from '../notifications/blocks/mrkdwn.ts';
import { renderForm } from '../notifications/reports/form.ts';
import { type Action, isAbout } from '../ops/action.ts';
import { actions } from '../ops/actions/index.ts';
import type { Visitor } from './authorise.ts';
import type { DeskContext } from './context.ts';
import type { Click } from './decisions.ts';
import { checkAtGate } from './gate.ts';
import { namespacesOf, placesOf } from './incident-decision.ts';
import { hasAlerts, targetArgument, targetOf } from './parameters.ts';
import { request } from './request.ts';
import { belongsTo } from './threads.ts';
import { noticeView } from './views.ts';

/** What the form of an action never asks for. */
const given = [targetArgument];

const idLength = 16;

const outdated =
  'This form is from another version of Lifeguard, or was open for too long: nothing was changed. Please open it again.';

/** A view that somebody chose something in, or sent. */
export interface OpenView {
  readonly visitor: Visitor;
  /** What Slack kept with it: the id of the stored form, a colon, and the action whose inputs it shows. Only ever looked up. */
  readonly metadata: string;
}

/** What is wrong with the inputs, by name; or the rest of the work, which is more than Slack waits for. */
export type Taken =
  | { readonly errors: Readonly<Record<string, string>> }
  | { readonly finish: () => Promise<ModalView> };

/** The actions that people may ask for with a form: those about the object, and about the alerts of the incident. */
function actionsFor(form: Pick<Form, 'target' | 'incident'>): readonly Action[] {
  return actions.filter(
    (action) => targetFor(action, form) !== undefined && action.surfaces.some((surface) => surface === 'button'),
  );
}

/** What the action would be done to: the object, or the incident where that has alerts. */
function targetFor(action: Action, { target, incident }: Pick<Form, 'target' | 'incident'>): ResourceRef | undefined {
  if (isAbout(action, target)) return target;
  if (incident?.alerting !== true) return undefined;
  const own = incidentRef({ id: incident.id, subject: target });
  return isAbout(action, own) ? own : undefined;
}

/** From the menu of an incident: which action, then what it needs. */
export async function openForm(incidentId: string, click: Click, context: DeskContext): Promise<ModalView> {
  const { visitor, place } = click;
  const incident = await context.ops.incidents.get(incidentId);
  const where = incident === undefined ? 'anywhere' : namespacesOf(incident);
  const admitted = await checkAtGate({ visitor, needed: 'operator', where, wish: 'menu act' }, context);
  if (!admitted.allowed) return noticeView(admitted.why);
  const own = place !== undefined && (await belongsTo(incidentId, place, context));
  if (incident === undefined || !own) return noticeView(outdated);
  if (incident.state === 'resolved') return noticeView('This incident is over, so there is nothing to do about it.');
  const { subject } = incident;
  const seen = { id: incident.id, seen: describeSeen(incident), alerting: hasAlerts(incident) };
  if (actionsFor({ target: subject, incident: seen }).length === 0)
    return noticeView(`Lifeguard has no action for a ${inline(subject.kind)}: this one takes people.`);
  return show(await keep({ user: visitor.userId, target: subject, incident: seen }, context), undefined, context);
}

interface Request {
  readonly action: Action;
  readonly target: ResourceRef;
  readonly user: string;
}

/** From words that named the action and its target, but not what else it needs. */
export async function openFormFor({ action, target, user }: Request, context: DeskContext): Promise<ModalView> {
  return show(await keep({ user, target }, context), action, context);
}

/** The form once an action was chosen in it. */
export async function chooseAction(
  { metadata, visitor }: OpenView,
  actionId: string | undefined,
  context: DeskContext,
): Promise<ModalView> {
  const form = await context.forms.get(formIdOf(metadata));
  if (form === undefined || form.user !== visitor.userId) return noticeView(outdated);
  return show(form, findOffer(form, actionId), context);
}

/** Takes a form that was sent. The inputs are checked at once, everything else when `finish` is called. */
export async function takeForm(view: OpenView, values: unknown, context: DeskContext): Promise<Taken> {
  const form = await context.forms.get(formIdOf(view.metadata));
  const action = form === undefined ? undefined : findOffer(form, view.metadata.split(':')[1]);
  const target = form === undefined || action === undefined ? undefined : targetFor(action, form);
  if (form === undefined || action === undefined || target === undefined)
    return { finish: async () => noticeView(outdated) };
  const schema = schemaOf(action);
  const params = { [targetArgument]: targetOf(target), ...readInputs(schema, given, values) };
  const errors = faultsOf(action, params, Object.keys(readObject(schema, 'properties')));
  if (errors !== undefined) return { errors };
  return { finish: () => send({ form, action, target, params, visitor: view.visitor }, context) };
}

interface Sent {
  readonly form: Form;
  readonly action: Action;
  readonly target: ResourceRef;
  readonly params: Json;
  readonly visitor: Visitor;
}

async function send({ form, action, target, params, visitor }: Sent, context: DeskContext): Promise<ModalView> {
  const where = await placesOf(target, context);
  const entry = { visitor, needed: 'operator', where, wish: `form ${action.id}` } as const;
  const admitted = await checkAtGate(entry, context);
  if (!admitted.allowed) return noticeView(admitted.why);
  const obstacle = await findObstacle(form, visitor, context);
  if (obstacle !== undefined) return noticeView(`${obstacle} Nothing was proposed.`);
  const { incident } = form;
  const origin = { surface: 'button', ...admitted.actor } as const;
  return noticeView(await request({ action, params, target, origin, incidentId: incident?.id }, context));
}

/** Why this form may not be used any more. The last thing looked at is whether it was used already, because that uses it. */
async function findObstacle(form: Form, { userId }: Visitor, context: DeskContext): Promise<string | undefined> {
  if (form.user !== userId) return 'This form was opened by somebody else.';
  const { incident } = form;
  const now = incident === undefined ? undefined : await context.ops.incidents.get(incident.id);
  if (incident !== undefined && (now === undefined || describeSeen(now) !== incident.seen))
    return `${incident.id} has changed since this form was opened${now?.state === 'resolved' ? ': it is over' : ''}. Please look at it again.`;
  let first = false;
  await context.forms.update(form.id, (current) => {
    first = !current.sent;
    return first ? { ...current, sent: true } : current;
  });
  return first ? undefined : 'This form was sent already.';
}

/** What of an incident somebody decides by. Its version counts every step, also those that change nothing for that. */
function describeSeen({ state, kind, subject, executing, proposalIds, mergedInto }: Incident): string {
  return JSON.stringify([state, kind, subject.uid, executing, proposalIds, mergedInto]);
}

async function keep(parts: Omit<Form, 'id' | 'version' | 'sent'>, { forms, ops }: DeskContext): Promise<Form> {
  const form: Form = { id: ops.identifiers.next(idLength), version: 1, sent: false, ...parts };
  await forms.create(form);
  return form;
}

function show(form: Form, action: Action | undefined, { cluster }: DeskContext): ModalView {
  const { target, incident } = form;
  const offers = incident === undefined ? [] : actionsFor(form);
  return renderForm({
    metadata: action === undefined ? form.id : `${form.id}:${action.id}`,
    cluster,
    target,
    incidentId: incident?.id,
    offers: offers.map(describeAction),
    chosen: action === undefined ? undefined : describeAction(action),
    inputs: action === undefined ? [] : inputsOf(schemaOf(action), given),
  });
}

function describeAction({ id, title, command }: Action) {
  return { id, title, help: command.help };
}

/** The schema of an action's parameters as people give them. */
function schemaOf({ params }: Action): JsonObject {
  return readObject(z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }));
}

/** What the action's own schema finds, by input; what concerns no single one stands under the first. */
function faultsOf(
  { params: schema }: Action,
  params: Json,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const inputs = names.filter((name) => !given.includes(name));
  const issues = schema.safeParse(params).error?.issues ?? [];
  const [first] = inputs;
  if (issues.length === 0 || first === undefined) return undefined;
  const place = (name: unknown): string => inputs.find((input) => input === name) ?? first;
  return Object.fromEntries(issues.map(({ path, message }) => [place(path[0]), sentence(message)]));
}

function findOffer(form: Form, actionId: string | undefined): Action | undefined {
  return actionsFor(form).find(({ id }) => id === actionId);
}

function formIdOf(metadata: string): string {
  return metadata.split(':')[0] ?? '';
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
