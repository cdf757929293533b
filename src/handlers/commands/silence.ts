import type { Alert } from '../../core/alert.ts';
import { parseDuration } from '../../core/duration.ts';
import type { Incident } from '../../core/incident.ts';
import { redact } from '../../core/redact.ts';
import { refName } from '../../core/resource-ref.ts';
import { matchersOf } from '../../core/silence.ts';
import { holdingFindings } from '../../incidents/membership.ts';
import { escapeText, formatMinute } from '../../notifications/blocks/mrkdwn.ts';
import { type Ask, type PlacedCommand, say, type Unclear } from '../command.ts';
import type { DeskContext, Silencing } from '../context.ts';
import { namespacesOf } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';

const reasonLength = 200;
const longestMs = 7 * 86_400_000;

export const notConfigured = 'No Alertmanager is configured: set `alertmanager.url` in lifeguard.yaml.';

export const silence: PlacedCommand = {
  id: 'silence',
  usage: '<incident> <2h> [reason]',
  help: 'Silence the alerts of an incident in Alertmanager; its end is shown all the same.',
  role: 'operator',
  async prepare(ask, context) {
    const { silencing } = context;
    if (silencing === undefined) return { unclear: notConfigured };
    const wish = await readWish(ask, context);
    if ('unclear' in wish) return wish;
    return {
      where: namespacesOf(wish.incident),
      run: async () => say(await silenceAlerts(wish, silencing, context)),
    };
  },
};

interface Wish {
  readonly incident: Incident;
  readonly durationMs: number;
  readonly reason: string;
  readonly userId: string;
}

async function readWish(ask: Ask, context: DeskContext): Promise<Wish | Unclear> {
  const usage = `Type \`${context.commandName} silence <incident> <2h> [reason]\`; up to 7d.`;
  const named = await findIncident(ask, context);
  if ('unclear' in named) return { unclear: `${named.unclear} ${usage}` };
  const [word = '', ...reason] = named.words;
  const durationMs = parseDuration(word);
  if (durationMs === undefined || durationMs > longestMs) return { unclear: `For how long? ${usage}` };
  return {
    incident: named.incident,
    durationMs,
    reason: reason.join(' ').slice(0, reasonLength),
    userId: ask.userId,
  };
}

async function silenceAlerts(wish: Wish, { board, alertmanager }: Silencing, context: DeskContext): Promise<string> {
  const { incident, durationMs, reason, userId } = wish;
  const mine = new Set(holdingFindings(incident).flatMap(({ alerts = [] }) => alerts));
  const firing = (await board.all()).filter((alert) => alert.state === 'firing' && mine.has(alert.fingerprint));
  if (firing.length === 0) return `No alert of ${incident.id} fires, so there is nothing to silence.`;
  const groups = [...Map.groupBy(firing, nameOf)].map(([name, alerts]) => ({ name, matchers: matchersOf(alerts) }));
  const startsAt = context.ops.clock.now();
  const endsAt = startsAt + durationMs;
  const comment = redact(`${incident.id} ${incident.title}${reason === '' ? '' : `: ${reason}`}`);
  const silenced: string[] = [];
  for (const { name, matchers } of groups.filter((group) => group.matchers !== undefined)) {
    const request = { matchers: matchers ?? [], startsAt, endsAt, comment, createdBy: `lifeguard for ${userId}` };
    const id = await alertmanager.silence(request);
    silenced.push(name);
    await note({ id, name, until: endsAt }, wish, context);
  }
  const left = groups.filter(({ matchers }) => matchers === undefined).map(({ name }) => name);
  return describe({ silenced, left, endsAt, incident }, context);
}

function nameOf({ labels }: Alert): string {
  return labels['alertname'] ?? 'unnamed alert';
}

async function note(silenced: Incident['silences'][number], wish: Wish, { ops, registry }: DeskContext): Promise<void> {
  const { incident, userId, reason } = wish;
  const at = ops.clock.now();
  const why = reason === '' ? '' : ` (${reason})`;
  const until = new Date(silenced.until).toISOString().slice(0, 16).replace('T', ' ');
  const text = `alert ${silenced.name} is silenced until ${until} UTC${why}.`;
  await registry.note(incident.id, { at, kind: 'silenced', text }, { silenced });
  await ops.audit.append({
    at,
    what: 'silenced',
    who: userId,
    surface: 'slash',
    subject: refName(incident.subject),
    detail: text,
  });
}

interface Done {
  readonly silenced: readonly string[];
  readonly left: readonly string[];
  readonly endsAt: number;
  readonly incident: Incident;
}

function describe({ silenced, left, endsAt, incident }: Done, { commandName }: DeskContext): string {
  const not =
    left.length === 0
      ? ''
      : ` Not silenced: ${escapeText(left.join(', '))}; its labels cannot be named exactly, so do it in Alertmanager.`;
  if (silenced.length === 0) return not.trim();
  const names = escapeText(silenced.join(', '));
  return `Silenced ${names} until ${formatMinute(endsAt)}. \`${commandName} unsilence ${incident.id}\` lifts it.${not}`;
}
