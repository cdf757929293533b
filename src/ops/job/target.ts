import { z } from 'zod';
import type { RbacRule } from '../../core/action.ts';
import { readArray, readString } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { ResourceRef } from '../../core/resource-ref.ts';

export const JobParams = z.strictObject({ target: ResourceRef.extend({ kind: z.literal('Job') }) });

export function jobRbac(...verbs: readonly string[]): readonly RbacRule[] {
  return [{ apiGroup: 'batch', resource: 'jobs', verbs: ['get', 'list', ...verbs] }];
}

/** How a Job ended; undefined while it goes on. */
export function endOf({ status }: LiveObject): 'complete' | 'failed' | undefined {
  const holds = (type: string): boolean =>
    readArray(status, 'conditions').some(
      (one) => readString(one, 'type') === type && readString(one, 'status') === 'True',
    );
  if (holds('Complete')) return 'complete';
  return holds('Failed') ? 'failed' : undefined;
}
