import { z } from 'zod';
import { configSchema } from './schema.ts';

/** JSON Schema (draft 2020-12) of `lifeguard.yaml`, for editors. */
export function configJsonSchema(detectors: Readonly<Record<string, z.ZodType>>): object {
  return { title: 'lifeguard.yaml', ...z.toJSONSchema(configSchema(detectors), { io: 'input' }) };
}
