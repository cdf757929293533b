import type { KnownBlock, ModalView } from '@slack/types';

/** An incident as the bot posts it, with an approval that asks first. */
export const incidentBlocks: KnownBlock[] = [
  { type: 'header', text: { type: 'plain_text', text: '[CRITICAL] shop/checkout: crash loop' } },
  { type: 'section', fields: [{ type: 'mrkdwn', text: '*Impact*\n3 of 3 pods not ready' }] },
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'approve',
        value: 'p1',
        style: 'primary',
        text: { type: 'plain_text', text: 'Approve' },
        confirm: {
          title: { type: 'plain_text', text: 'Raise the memory limit?' },
          text: { type: 'plain_text', text: 'Three pods restart one after the other.' },
          confirm: { type: 'plain_text', text: 'Approve' },
          deny: { type: 'plain_text', text: 'Cancel' },
        },
      },
      { type: 'button', action_id: 'details', value: 'p1', text: { type: 'plain_text', text: 'Details' } },
    ],
  },
];

export const scaleModal: ModalView = {
  type: 'modal',
  callback_id: 'scale',
  title: { type: 'plain_text', text: 'Scale a workload' },
  submit: { type: 'plain_text', text: 'Scale' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [
    {
      type: 'input',
      block_id: 'workload',
      label: { type: 'plain_text', text: 'Workload' },
      element: {
        type: 'static_select',
        action_id: 'value',
        options: ['shop/checkout', 'shop/cart'].map((name) => ({
          text: { type: 'plain_text', text: name },
          value: name,
        })),
      },
    },
    {
      type: 'input',
      block_id: 'replicas',
      label: { type: 'plain_text', text: 'Replicas' },
      element: { type: 'number_input', action_id: 'value', is_decimal_allowed: false, initial_value: '3' },
    },
    {
      type: 'input',
      block_id: 'options',
      optional: true,
      label: { type: 'plain_text', text: 'Options' },
      element: {
        type: 'checkboxes',
        action_id: 'value',
        options: [{ text: { type: 'plain_text', text: 'Dry run only' }, value: 'dry-run' }],
      },
    },
  ],
};
