import { z } from 'zod';
import type { Refusal } from '../../core/action.ts';
import { LifeguardError } from '../../core/errors.ts';
import { type Incident, incidentKind } from '../../core/incident.ts';
import type { Alertmanager } from '../../core/ports/alertmanager.ts';
import { ResourceRef } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';

/** Alerts are named by the incident that they belong to. */
export const IncidentParams = z.strictObject({ target: ResourceRef.extend({ kind: z.literal(incidentKind) }) });

export interface Desk {
  readonly incident: Incident;
  readonly alertmanager: Alertmanager;
}

type Reach = Pick<ActionContext, 'alertmanager' | 'incidents'>;

/** The incident as it is now, and where its alerts are silenced; a refusal where either is missing. */
export async function readDesk({ name }: ResourceRef, { alertmanager, incidents }: Reach): Promise<Desk | Refusal> {
  if (alertmanager === undefined)
    return { refused: 'No Alertmanager is configured: set `alertmanager.url` in lifeguard.yaml.' };
  const incident = await incidents.get(name);
  return incident === undefined ? { refused: `There is no incident ${name}.` } : { incident, alertmanager };
}

/** The same for what is carried out: there it fails. */
export async function requireDesk(target: ResourceRef, reach: Reach): Promise<Desk> {
  const desk = await readDesk(target, reach);
  if ('refused' in desk) throw new LifeguardError(desk.refused, { code: 'action-invalid', retry: 'permanent' });
  return desk;
}

/** `2026-11-23 14:00 UTC`. */
export function formatMinute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
