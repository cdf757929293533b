import { z } from 'zod';

/** Limits of composition objects. Source: @slack/types comments and Slack's Block Kit reference. */

export function plainText(max: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

export function mrkdwn(max: number) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

export function textObject(max: number) {
  return z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);
}

export const identifier = z.string().min(1).max(255);
export const colorScheme = z.enum(['primary', 'danger']);

export const confirm = z.strictObject({
  title: plainText(100).optional(),
  text: textObject(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: colorScheme.optional(),
});

const optionFields = {
  value: z.string().min(1).max(75),
  description: plainText(75).optional(),
};

export const plainOption = z.strictObject({ text: plainText(75), ...optionFields, url: z.url().max(3000).optional() });
export const richOption = z.strictObject({ text: textObject(75), ...optionFields });
export const optionGroup = z.strictObject({ label: plainText(75), options: z.array(plainOption).min(1).max(100) });

const slackFile = z.strictObject({ id: z.string().optional(), url: z.url().optional() });

export const imageFields = {
  alt_text: z.string().min(1).max(2000),
  image_url: z.url().max(3000).optional(),
  slack_file: slackFile.optional(),
};

export function hasOneImage(image: { image_url?: unknown; slack_file?: unknown }): boolean {
  return (image.image_url === undefined) !== (image.slack_file === undefined);
}
