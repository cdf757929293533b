import { cut } from '../../core/cut.ts';
import { readNumber, readString, readTime } from '../../core/json.ts';
import { redact } from '../../core/redact.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { EventView } from '../../core/views/event.ts';
import { readMetadata } from './metadata.ts';

/** Longest note kept, characters; the API server allows 1 kB. */
const noteLimit = 400;

/** Keeps of a raw Event (events.k8s.io/v1, with the deprecated core fields that older reporters still fill). */
export function slimEvent(raw: unknown): EventView | undefined {
  const metadata = readMetadata(raw);
  const regarding = readRegarding(raw);
  if (metadata === undefined || regarding === undefined) return undefined;
  return {
    ...metadata,
    regarding,
    container: readContainer(readString(raw, 'regarding', 'fieldPath') ?? ''),
    type: readString(raw, 'type') ?? 'Normal',
    reason: readString(raw, 'reason') ?? '',
    note: cut(redact(readString(raw, 'note') ?? ''), noteLimit, ''),
    count: readNumber(raw, 'series', 'count') ?? readNumber(raw, 'deprecatedCount') ?? 1,
    lastSeen: readLastSeen(raw) ?? metadata.createdAt,
  };
}

function readRegarding(raw: unknown): ResourceRef | undefined {
  const kind = readString(raw, 'regarding', 'kind');
  const name = readString(raw, 'regarding', 'name');
  if (kind === undefined || name === undefined) return undefined;
  const uid = readString(raw, 'regarding', 'uid');
  const namespace = readString(raw, 'regarding', 'namespace') ?? '';
  return uid === undefined ? { kind, namespace, name } : { kind, namespace, name, uid };
}

/** `spec.containers{app}` or `spec.initContainers{app}`. */
function readContainer(fieldPath: string): string | undefined {
  return /^spec\.(?:initC|c)ontainers\{(.+)\}$/.exec(fieldPath)?.[1];
}

function readLastSeen(raw: unknown): number | undefined {
  return (
    readTime(raw, 'series', 'lastObservedTime') ??
    readTime(raw, 'deprecatedLastTimestamp') ??
    readTime(raw, 'eventTime')
  );
}
