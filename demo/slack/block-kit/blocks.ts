import { z } from 'zod';
import { dataTable, dataVisualization, plan, table, taskCard, video } from './charts.ts';
import { hasOneImage, identifier, imageFields, mrkdwn, plainText, textObject } from './composition.ts';
import { accessory, actionsElement, button, contextActionsElement, image, inputElement } from './elements.ts';
import { richText } from './rich-text.ts';

const blockId = { block_id: identifier.optional() };

const section = z
  .strictObject({
    type: z.literal('section'),
    ...blockId,
    text: textObject(3000).optional(),
    fields: z.array(textObject(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, 'must give text or fields');

const contextElement = z.discriminatedUnion('type', [image, plainText(2000), mrkdwn(2000)]);

const card = z
  .strictObject({
    type: z.literal('card'),
    ...blockId,
    hero_image: image.optional(),
    icon: image.optional(),
    title: mrkdwn(150).optional(),
    subtitle: mrkdwn(150).optional(),
    body: mrkdwn(200).optional(),
    actions: z.array(button).max(3).optional(),
  })
  .refine((one) => Boolean(one.hero_image ?? one.title ?? one.actions ?? one.body), 'must not be empty');

const everywhere = [
  section,
  card,
  z.strictObject({ type: z.literal('header'), ...blockId, text: plainText(150) }),
  z.strictObject({ type: z.literal('context'), ...blockId, elements: z.array(contextElement).min(1).max(10) }),
  z.strictObject({ type: z.literal('actions'), ...blockId, elements: z.array(actionsElement).min(1).max(25) }),
  z.strictObject({ type: z.literal('divider'), ...blockId }),
  z
    .strictObject({ type: z.literal('image'), ...blockId, ...imageFields, title: plainText(2000).optional() })
    .refine(hasOneImage, 'must give either image_url or slack_file'),
  z.strictObject({
    type: z.literal('input'),
    ...blockId,
    label: plainText(2000),
    hint: plainText(2000).optional(),
    optional: z.boolean().optional(),
    element: inputElement,
    dispatch_action: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('context_actions'),
    ...blockId,
    elements: z.array(contextActionsElement).min(1).max(5),
  }),
  z.strictObject({ type: z.literal('markdown'), ...blockId, text: z.string().min(1).max(12_000) }),
  z.strictObject({ type: z.literal('carousel'), ...blockId, elements: z.array(card).min(1).max(10) }),
  richText,
  table,
  dataTable,
  dataVisualization,
  taskCard,
  plan,
  video,
] as const;

/** Slack accepts alert blocks in modals only. */
const alert = z.strictObject({
  type: z.literal('alert'),
  ...blockId,
  text: textObject(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

const container = z
  .strictObject({
    type: z.literal('container'),
    ...blockId,
    title: plainText(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: textObject(150).optional(),
    child_blocks: z.array(z.discriminatedUnion('type', everywhere)).max(10),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: image.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  })
  .refine((one) => Boolean(one.title ?? one.rich_text_title), 'must give title or rich_text_title');

export const messageBlock = z.discriminatedUnion('type', [...everywhere, container]);
export const modalBlock = z.discriminatedUnion('type', [...everywhere, container, alert]);

export const messageBlocks = z.array(messageBlock).max(50);
