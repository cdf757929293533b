import type { AuditRecord } from '../../core/audit-record.ts';
import type { Message } from '../../core/ports/channel.ts';
import { context, message, section } from '../blocks/blocks.ts';
import { escapeText, formatPerson, formatTime, inline, truncate } from '../blocks/mrkdwn.ts';

interface AuditFacts {
  /** As somebody typed it; undefined: everything. */
  readonly about: string | undefined;
  /** Newest first. */
  readonly records: readonly AuditRecord[];
}

const mostListed = 15;
const lineLimit = 180;

export function reportAudit({ about, records }: AuditFacts): Message {
  const name = about === undefined ? '' : ` about ${truncate(inline(about), 100)}`;
  if (records.length === 0) {
    const text = `Nothing is on record${name}.`;
    return message(text, [section(text)]);
  }
  const lines = records.slice(0, mostListed).map(describe);
  const left = records.length - lines.length;
  return message(`${records.length === 1 ? '1 record' : `${records.length} records`}${name}.`, [
    section([`*On record${name}*, newest first`, ...lines].join('\n')),
    context(
      `${left > 0 ? `${left} older ones are not shown. ` : ''}Each record holds the hash of the one before it; \`npm start -- audit verify\` finds what was changed or taken out.`,
    ),
  ]);
}

/** For the audit's channel, a block each so that none is cut off; oldest first. */
export function renderRecords(records: readonly [AuditRecord, ...AuditRecord[]]): Message {
  const [first] = records;
  const last = records.at(-1) ?? first;
  const text =
    last === first
      ? `On record: ${first.what}, ${first.subject}.`
      : `On record: ${records.length} decisions and results, numbers ${first.seq} to ${last.seq}.`;
  return message(
    text,
    records.map((record) => section(describe(record))),
  );
}

function describe({ seq, at, what, who, subject, detail }: AuditRecord): string {
  return `• ${seq} ${formatTime(at)} *${escapeText(what)}* by ${formatPerson(who)}, ${inline(subject)}: ${truncate(inline(detail), lineLimit)}`;
}
