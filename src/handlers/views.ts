import type { ModalView } from '@slack/types';
import { redact } from '../core/redact.ts';
import { section } from '../notifications/blocks/blocks.ts';

/** A modal with one sentence: while something loads, or where there is nothing else to show. */
export function noticeView(text: string): ModalView {
  return {
    type: 'modal',
    callback_id: 'notice',
    title: { type: 'plain_text', text: 'Lifeguard' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [section(redact(text))],
  };
}
