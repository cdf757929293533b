import { z } from 'zod';
import { messageBlock, messageBlocks, modalBlock } from './blocks.ts';
import { plainText } from './composition.ts';

const viewFields = {
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
};

export const modalView = z
  .strictObject({
    type: z.literal('modal'),
    ...viewFields,
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    blocks: z.array(modalBlock).max(100),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
  })
  .refine(
    (view) => view.submit !== undefined || !view.blocks.some((block) => block.type === 'input'),
    'must give submit when the modal has input blocks',
  );

export const homeView = z.strictObject({
  type: z.literal('home'),
  ...viewFields,
  blocks: z.array(messageBlock).max(100),
});

/** Legacy attachments: only the fields Slack still documents. */
export const attachments = z
  .array(
    z.strictObject({
      color: z.string().optional(),
      blocks: messageBlocks.optional(),
      fallback: z.string().optional(),
      pretext: z.string().optional(),
      text: z.string().optional(),
      title: z.string().optional(),
      title_link: z.string().optional(),
      author_name: z.string().optional(),
      author_link: z.string().optional(),
      author_icon: z.string().optional(),
      fields: z
        .array(
          z.strictObject({ title: z.string().optional(), value: z.string().optional(), short: z.boolean().optional() }),
        )
        .optional(),
      image_url: z.string().optional(),
      thumb_url: z.string().optional(),
      footer: z.string().optional(),
      footer_icon: z.string().optional(),
      ts: z.union([z.string(), z.number()]).optional(),
      mrkdwn_in: z.array(z.string()).optional(),
    }),
  )
  .max(100);

/** Invisible to people; keys of event_payload may nest. */
export const metadata = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.json()),
});
