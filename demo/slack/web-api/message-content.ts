import { z } from 'zod';
import type { JsonObject } from '../../../src/core/json.ts';
import { type Complaints, checkAttachments, checkBlocks } from '../block-kit/check.ts';
import { metadata } from '../block-kit/surfaces.ts';
import type { Draft } from '../messages.ts';
import { app } from '../seed.ts';
import type { World } from '../world.ts';
import { ApiError, jsonObjects } from './method.ts';

/** The part of a message the app writes, as each posting method takes it. */
export const contentArgs = {
  text: z.string().optional(),
  markdown_text: z.string().optional(),
  blocks: z.union([jsonObjects, z.string()]).optional(),
  attachments: z.union([jsonObjects, z.string()]).optional(),
  metadata: z.unknown().optional(),
};

export interface ContentArgs {
  readonly text?: string | undefined;
  readonly markdown_text?: string | undefined;
  readonly blocks?: readonly JsonObject[] | string | undefined;
  readonly attachments?: readonly JsonObject[] | string | undefined;
  readonly metadata?: unknown;
}

export interface Content {
  readonly text: string | undefined;
  readonly blocks: readonly JsonObject[] | undefined;
  readonly attachments: readonly JsonObject[] | undefined;
  readonly metadata: JsonObject | undefined;
}

const markdownChars = 12_000;

/** Judges size and shape as Slack does. Throws ApiError; nothing is stored yet. */
export function readContent(args: ContentArgs, world: World): Content {
  requireShapes(args);
  requireLengths(args, world);
  const { text, markdown_text: markdown, attachments } = args;
  const blocks = markdown === undefined ? args.blocks : [{ type: 'markdown', text: markdown }];
  const content = { text: text ?? markdown, blocks: listed(blocks), attachments: listed(attachments) };
  world.violations.inspect('message', { ...content, metadata: args.metadata });
  if (content.blocks !== undefined) judgeBlocks(world, content.blocks);
  judge(world, 'invalid_attachments', checkAttachments(content.attachments ?? []));
  return { ...content, metadata: readMetadata(args.metadata) };
}

function requireShapes(args: ContentArgs): void {
  if (typeof args.blocks === 'string') throw new ApiError('invalid_blocks_format');
  if (typeof args.attachments === 'string') throw new ApiError('invalid_attachments');
}

function requireLengths(args: ContentArgs, world: World): void {
  const { text = '', markdown_text: markdown = '' } = args;
  if (text.length > world.limits.textChars || markdown.length > markdownChars) refuse(world, 'msg_too_long');
}

function listed(value: readonly JsonObject[] | string | undefined): readonly JsonObject[] | undefined {
  return typeof value === 'string' ? undefined : value;
}

function judgeBlocks(world: World, blocks: readonly JsonObject[]): void {
  judge(world, 'invalid_blocks', checkBlocks(blocks));
  if (JSON.stringify(blocks).length > world.limits.blockChars) refuse(world, 'msg_blocks_too_long');
}

export function judge(world: World, code: string, complaints: Complaints): void {
  if (complaints.length === 0) return;
  world.violations.add('invalid-blocks', `${code}: ${complaints.join('; ')}`);
  throw new ApiError(code, {
    messages: complaints.map((complaint) => `[ERROR] ${complaint}`),
    extra: { errors: complaints },
  });
}

export function refuse(world: World, code: string): never {
  world.violations.add('over-limit', code);
  throw new ApiError(code);
}

function readMetadata(value: unknown): JsonObject | undefined {
  if (value === undefined) return undefined;
  const parsed = metadata.safeParse(value);
  if (!parsed.success) throw new ApiError('invalid_metadata_format');
  return parsed.data;
}

export function draftOf(content: Content): Draft {
  return { ...content, user: app.userId, bot_id: app.botId, text: content.text ?? '' };
}

export function requireSomething(content: Content): void {
  const { text = '', blocks = [], attachments = [] } = content;
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new ApiError('no_text');
}
