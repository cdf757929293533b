import { z } from 'zod';

export const pattern = z
  .string()
  .min(1)
  .describe('A name, or a prefix that ends with *. `*` alone matches everything.');

export const minutes = z
  .number()
  .positive()
  .max(7 * 24 * 60);

export const namespaceName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'a namespace name: lower-case letters, digits and dashes');

/** What a header can carry. No name of Kubernetes' own: `system:masters` may do everything, whatever the roles say. */
export const kubernetesName = z
  .string()
  .regex(/^[!-~]([ -~]{0,251}[!-~])?$/, 'a name in Kubernetes: up to 253 letters, digits and signs')
  .refine((name) => !name.startsWith('system:'), 'a name that does not begin with system:');

export const channelId = z
  .string()
  .regex(/^[CG][A-Z0-9_]{2,}$/, "a channel's id such as C0123456789 (in Slack: channel name, About, at the bottom)");

export const groupId = z.string().regex(/^S[A-Z0-9_]+$/, 'a Slack user group id such as S0123456789');
export const userId = z.string().regex(/^[UW][A-Z0-9_]+$/, 'a Slack user id such as U0123456789');
