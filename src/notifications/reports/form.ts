import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import { choice, context, section } from '../blocks/blocks.ts';
import { escapeText, inline, plainText } from '../blocks/mrkdwn.ts';

/** Names the view in what Slack sends. */
export const formCallback = 'action-form';
/** Names the list of actions in it. */
export const formChoice = 'form:action';

interface FormAction {
  readonly id: string;
  readonly title: string;
  readonly help: string;
}

export interface FormParts {
  /** Opaque to Slack: what the view is bound to. */
  readonly metadata: string;
  readonly cluster: string;
  readonly target: ResourceRef;
  readonly incidentId: string | undefined;
  /** Actions to choose from; none where it is settled which. */
  readonly offers: readonly FormAction[];
  readonly chosen: FormAction | undefined;
  readonly inputs: readonly InputBlock[];
}

/** The modal that asks for an action: which one, and what it needs to know. */
export function renderForm(parts: FormParts): ModalView {
  const { metadata, target, offers, chosen, inputs } = parts;
  return {
    type: 'modal',
    callback_id: formCallback,
    private_metadata: metadata,
    title: { type: 'plain_text', text: plainText(chosen?.title ?? 'Do something', 24) },
    close: { type: 'plain_text', text: 'Cancel' },
    ...(chosen === undefined ? {} : { submit: { type: 'plain_text', text: 'Propose' } }),
    blocks: [
      section(`*${inline(`${target.kind} ${refName(target)}`)}* ${describePlace(parts)}`),
      ...(offers.length === 0 ? [] : [offer(offers, chosen)]),
      ...(chosen === undefined ? [] : [section(escapeText(chosen.help)), ...inputs, context(consequence)]),
    ],
  };
}

const consequence =
  'Nothing is changed by this: the guardrails judge it, and it is shown with its exact effect to whoever may approve it.';

function describePlace({ cluster, incidentId }: FormParts): string {
  const place = `in cluster ${inline(cluster)}`;
  return incidentId === undefined ? place : `${place} · ${inline(incidentId)}`;
}

function offer(offers: readonly FormAction[], chosen: FormAction | undefined): KnownBlock {
  const options = offers.map(({ id, title, help }) => ({
    label: title,
    value: id,
    description: help.replaceAll('`', ''),
  }));
  return {
    ...section('What should be done?'),
    block_id: 'action',
    accessory: choice({ action: formChoice, options, chosen: chosen?.id }),
  };
}
