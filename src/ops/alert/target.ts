import { z } from 'zod';
import type { Refusal } from '../../core/action.ts';
import { LifeguardError } from '../../core/errors.ts';
import { type Incident, incidentKind } from '../../core/incident.ts';
import type { Alertmanager } from '../../core/ports/alertmanager.ts';
import { ResourceRef } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';

/** Alerts are named by the incident that they belong to. */
export const IncidentParams = z.strictObject({ target: ResourceRef.extend({ kind: z.literal(incidentKind) }) });

export interface Matter {
  readonly incident: Incident;
  readonly alertmanager: Alertmanager;
}

type Reach = Pick<ActionContext, 'alertmanager' | 'incidents'>;

/** The incident as it is now, and where its alerts are silenced; a refusal where either is missing. */
export async function readMatter({ name }: ResourceRef, { alertmanager, incidents }: Reach): Promise<Matter | Refusal> {
  if (alertmanager === undefined)
    return { refused: 'No Alertmanager is configured: set `alertmanager.url` in lifeguard.yaml.' };
  const incident = await incidents.get(name);
  return incident === undefined ? { refused: `There is no incident ${name}.` } : { incident, alertmanager };
}

/** The same for what is carried out: there it fails. */
export async function requireMatter(target: ResourceRef, reach: Reach): Promise<Matter> {
  const matter = await readMatter(target, reach);
  if ('refused' in matter) throw new LifeguardError(matter.refused, { code: 'action-invalid', retry: 'permanent' });
  return matter;
}

/** `2026-11-23 14:00 UTC`. */
export function formatMinute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
