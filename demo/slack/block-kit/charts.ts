import { z } from 'zod';
import { identifier, plainText } from './composition.ts';
import { richText } from './rich-text.ts';

/** Tables, charts and plans. Limits: Slack's Block Kit reference; @slack/types has no data_visualization yet. */

const blockId = { block_id: identifier.optional() };
const chartLabel = z.string().min(1).max(20);
const point = z.strictObject({ label: chartLabel, value: z.number() });

const seriesFields = {
  series: z
    .array(z.strictObject({ name: z.string().min(1).max(20), data: z.array(point).min(1).max(20) }))
    .min(1)
    .max(6),
  axis_config: z.strictObject({
    categories: z.array(chartLabel).min(1).max(20),
    x_label: z.string().max(50).optional(),
    y_label: z.string().max(50).optional(),
  }),
};

interface SeriesChart {
  readonly series: readonly { readonly name: string; readonly data: readonly { readonly label: string }[] }[];
  readonly axis_config: { readonly categories: readonly string[] };
}

function coversEveryCategory(chart: SeriesChart): boolean {
  const names = new Set(chart.series.map((series) => series.name));
  const expected = chart.axis_config.categories.join('\n');
  return names.size === chart.series.length && chart.series.every((one) => labels(one.data) === expected);
}

function labels(data: readonly { readonly label: string }[]): string {
  return data.map((one) => one.label).join('\n');
}

const needEveryCategory = 'every series needs a distinct name and one value per category, in order';

const chart = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('pie'), segments: z.array(point).min(1).max(6) }),
  z.strictObject({ type: z.literal('bar'), ...seriesFields }).refine(coversEveryCategory, needEveryCategory),
  z.strictObject({ type: z.literal('line'), ...seriesFields }).refine(coversEveryCategory, needEveryCategory),
  z.strictObject({ type: z.literal('area'), ...seriesFields }).refine(coversEveryCategory, needEveryCategory),
]);

export const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  ...blockId,
  title: z.string().min(1).max(50),
  chart,
});

const cell = z.discriminatedUnion('type', [
  richText,
  z.strictObject({ type: z.literal('raw_text'), text: z.string() }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string() }),
]);

export const table = z.strictObject({
  type: z.literal('table'),
  ...blockId,
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z
    .array(
      z.strictObject({
        align: z.enum(['left', 'center', 'right']).optional(),
        is_wrapped: z.boolean().optional(),
      }),
    )
    .max(20)
    .optional(),
});

export const dataTable = z.strictObject({
  type: z.literal('data_table'),
  ...blockId,
  rows: z.array(z.array(cell).min(1).max(20)).min(2).max(101),
  caption: z.string().min(1),
  page_size: z.number().int().min(1).max(100).optional(),
  row_header_column_index: z.number().int().min(0).optional(),
});

export const taskCard = z.strictObject({
  type: z.literal('task_card'),
  ...blockId,
  task_id: z.string().min(1),
  title: z.string().min(1),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url: z.string(), text: z.string() })).optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});

export const plan = z.strictObject({
  type: z.literal('plan'),
  ...blockId,
  title: z.string().min(1),
  tasks: z.array(taskCard).optional(),
});

export const video = z.strictObject({
  type: z.literal('video'),
  ...blockId,
  video_url: z.url(),
  thumbnail_url: z.url(),
  alt_text: z.string().min(1),
  title: plainText(200),
  title_url: z.url().optional(),
  author_name: z.string().max(50).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: z.url().optional(),
  description: plainText(200).optional(),
});
