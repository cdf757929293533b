import { z } from 'zod';
import {
  colorScheme,
  confirm,
  hasOneImage,
  identifier,
  imageFields,
  optionGroup,
  plainOption,
  plainText,
  richOption,
} from './composition.ts';
import { richText } from './rich-text.ts';

const actionable = { action_id: identifier.optional() };
const confirmable = { ...actionable, confirm: confirm.optional() };
const pickable = { ...confirmable, focus_on_load: z.boolean().optional(), placeholder: plainText(150).optional() };
const multiple = { ...pickable, max_selected_items: z.number().int().min(1).optional() };
const typeable = {
  ...actionable,
  focus_on_load: z.boolean().optional(),
  placeholder: plainText(150).optional(),
  dispatch_action_config: z
    .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional() })
    .optional(),
};
const label = z.string().min(1).max(75).optional();

export const image = z
  .strictObject({ type: z.literal('image'), ...imageFields })
  .refine(hasOneImage, 'must give either image_url or slack_file');

export const button = z.strictObject({
  type: z.literal('button'),
  ...confirmable,
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: z.url().max(3000).optional(),
  style: colorScheme.optional(),
  accessibility_label: label,
});

const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  ...confirmable,
  text: plainText(75),
  workflow: z.looseObject({}),
  style: colorScheme.optional(),
  accessibility_label: label,
});

const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...confirmable,
  options: z.array(plainOption).min(1).max(5),
});

const choices = { options: z.array(richOption).min(1).max(10) };
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...confirmable,
  ...choices,
  focus_on_load: z.boolean().optional(),
  initial_options: z.array(richOption).min(1).max(10).optional(),
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...confirmable,
  ...choices,
  focus_on_load: z.boolean().optional(),
  initial_option: richOption.optional(),
});

const optionLists = {
  options: z.array(plainOption).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};
function hasOneList(select: { options?: unknown; option_groups?: unknown }): boolean {
  return (select.options === undefined) !== (select.option_groups === undefined);
}
const oneList = 'must give either options or option_groups';

const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    ...pickable,
    ...optionLists,
    initial_option: plainOption.optional(),
  })
  .refine(hasOneList, oneList);
const multiStaticSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    ...multiple,
    ...optionLists,
    initial_options: z.array(plainOption).optional(),
  })
  .refine(hasOneList, oneList);

const query = { min_query_length: z.number().int().min(0).optional() };
const filter = z
  .strictObject({
    include: z.array(z.enum(['im', 'mpim', 'private', 'public'])).optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .optional();
const conversations = { default_to_current_conversation: z.boolean().optional(), filter };
const respondable = { response_url_enabled: z.boolean().optional() };

const selects = [
  staticSelect,
  multiStaticSelect,
  z.strictObject({
    type: z.literal('external_select'),
    ...pickable,
    ...query,
    initial_option: plainOption.optional(),
  }),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...multiple,
    ...query,
    initial_options: z.array(plainOption).optional(),
  }),
  z.strictObject({ type: z.literal('users_select'), ...pickable, initial_user: z.string().optional() }),
  z.strictObject({
    type: z.literal('multi_users_select'),
    ...multiple,
    initial_users: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal('conversations_select'),
    ...pickable,
    ...respondable,
    ...conversations,
    initial_conversation: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...multiple,
    ...conversations,
    initial_conversations: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal('channels_select'),
    ...pickable,
    ...respondable,
    initial_channel: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_channels_select'),
    ...multiple,
    initial_channels: z.array(z.string()).optional(),
  }),
] as const;

const pickers = [
  z.strictObject({ type: z.literal('datepicker'), ...pickable, initial_date: z.iso.date().optional() }),
  z.strictObject({
    type: z.literal('timepicker'),
    ...pickable,
    initial_time: z
      .string()
      .regex(/^\d\d:\d\d$/)
      .optional(),
    timezone: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('datetimepicker'),
    ...confirmable,
    focus_on_load: z.boolean().optional(),
    initial_date_time: z.number().int().optional(),
  }),
] as const;

const lengths = {
  min_length: z.number().int().min(0).max(3000).optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
};
const fields = [
  z.strictObject({
    type: z.literal('plain_text_input'),
    ...typeable,
    ...lengths,
    initial_value: z.string().max(3000).optional(),
    multiline: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('number_input'),
    ...typeable,
    is_decimal_allowed: z.boolean(),
    initial_value: z.string().optional(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('email_text_input'), ...typeable, initial_value: z.string().optional() }),
  z.strictObject({ type: z.literal('url_text_input'), ...typeable, initial_value: z.string().optional() }),
  z.strictObject({ type: z.literal('rich_text_input'), ...typeable, initial_value: richText.optional() }),
] as const;

const fileInput = z.strictObject({
  type: z.literal('file_input'),
  ...actionable,
  filetypes: z.array(z.string()).optional(),
  max_files: z.number().int().min(1).max(10).optional(),
});

const feedback = z.strictObject({ text: plainText(75), value: z.string().max(2000), accessibility_label: label });
const feedbackButtons = z.strictObject({
  type: z.literal('feedback_buttons'),
  ...actionable,
  positive_button: feedback,
  negative_button: feedback,
});
const iconButton = z.strictObject({
  type: z.literal('icon_button'),
  ...confirmable,
  icon: z.string(),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  accessibility_label: label,
  visible_to_user_ids: z.array(z.string()).optional(),
});

export const contextActionsElement = z.discriminatedUnion('type', [feedbackButtons, iconButton]);

export const actionsElement = z.discriminatedUnion('type', [
  button,
  workflowButton,
  overflow,
  checkboxes,
  radioButtons,
  ...selects,
  ...pickers,
  fields[4],
]);

export const accessory = z.discriminatedUnion('type', [
  button,
  workflowButton,
  image,
  overflow,
  checkboxes,
  radioButtons,
  ...selects,
  ...pickers,
]);

export const inputElement = z.discriminatedUnion('type', [
  checkboxes,
  radioButtons,
  ...selects,
  ...pickers,
  ...fields,
  fileInput,
]);
