import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { WholeLogs } from '../../core/ports/whole-logs.ts';
import { createBoundedTexts, type TextBounds } from './bounded-texts.ts';

/** Characters of one, packed: a megabyte of most logs takes a third of it. What packs worse loses its older half until it fits. */
const mostPacked = 256 * 1024;

export function createWholeLogs(bounds: TextBounds): WholeLogs {
  const logs = createBoundedTexts('whole-logs', bounds);
  return {
    async read(id) {
      const packed = await logs.read(id);
      return packed === undefined ? undefined : unpack(packed);
    },
    keep: async (id, text) => logs.keep(id, await pack(text)),
  };
}

async function pack(text: string): Promise<string> {
  const packed = (await promisify(gzip)(text)).toString('base64');
  if (packed.length <= mostPacked) return packed;
  const half = text.slice(text.length >> 1);
  return pack(half.slice(half.indexOf('\n') + 1));
}

async function unpack(packed: string): Promise<string> {
  return (await promisify(gunzip)(Buffer.from(packed, 'base64'))).toString();
}
