import { matches } from '../../core/pattern.ts';
import { Autonomy } from '../../core/policy.ts';
import { parseQuantity } from '../../core/quantity.ts';
import { allow, deny, needsApproval, type Verdict } from '../../core/verdict.ts';
import { type Case, type Guardrail, type Holder, isAutomatic } from '../guardrail.ts';

/** What one annotation says to a case, where it says anything. */
type Reader = (value: string, question: Case) => Verdict | undefined;

/** Annotations of the object that is changed. Each can only tighten: none has a way to allow what another guardrail does not. */
const own: Readonly<Record<string, Reader>> = {
  'lifeguard.dev/protected': readProtection,
  'lifeguard.dev/autonomy': readCeiling,
  'lifeguard.dev/actions': readActions,
  'lifeguard.dev/max-replicas': atMost('replicas', (text) => (/^\d+$/.test(text) ? Number(text) : undefined)),
  'lifeguard.dev/max-cpu': atMost('cpu', parseQuantity),
  'lifeguard.dev/max-memory': atMost('memory', parseQuantity),
};

/** Those that also count on a workload whose pods are moved or deleted one by one. */
const affecting: Readonly<Record<string, Reader>> = {
  'lifeguard.dev/protected': readProtection,
  'lifeguard.dev/autonomy': readCeiling,
};

export const annotations: Guardrail = {
  id: 'annotations',
  promise:
    'What an object says of itself in its lifeguard.dev annotations is kept; it can only make the rules stricter.',
  judge(question) {
    const { holder, affected } = question;
    if ('unreadable' in holder) return needsApproval(`Its annotations cannot be read (${holder.unreadable}).`);
    if ('unreadable' in affected)
      return needsApproval(`The annotations of what it affects cannot be read (${affected.unreadable}).`);
    const said = [
      ...(holder.known === undefined ? [] : readAll(holder.known, own, question)),
      ...affected.known.flatMap((one) => readAll(one, affecting, question)),
    ];
    const strictest = said.find(({ answer }) => answer === 'deny') ?? said[0];
    return strictest ?? allow('Its annotations have nothing against it.');
  },
};

function readAll(
  { annotations: found }: Holder,
  readers: Readonly<Record<string, Reader>>,
  question: Case,
): readonly Verdict[] {
  return Object.entries(readers).flatMap(([name, read]) => {
    const value = found[name];
    const verdict = value === undefined ? undefined : read(value.trim(), question);
    return verdict === undefined ? [] : [{ ...verdict, reason: `${verdict.reason} (annotation ${name})` }];
  });
}

/** Whoever wrote it meant to keep something safe, so what is not clearly false protects. */
function readProtection(value: string): Verdict | undefined {
  if (value === 'false') return undefined;
  if (value === 'true') return deny('It is protected, whoever asks.');
  return deny(`It says neither true nor false, so it counts as protected: ${quote(value)}.`);
}

function readCeiling(value: string, { origin }: Case): Verdict | undefined {
  const level = Autonomy.safeParse(value);
  if (!level.success) return unclear(value);
  if (level.data === 'observe') return deny('Lifeguard only reports about it.');
  return level.data !== 'auto' && isAutomatic(origin) ? needsApproval('A person decides about it.') : undefined;
}

function readActions(value: string, { actionId }: Case): Verdict | undefined {
  const allowed = value.split(/[\s,]+/).filter((id) => id !== '');
  if (matches(allowed, actionId)) return undefined;
  return deny(`Only these actions may be done to it: ${allowed.join(', ') || 'none'}.`);
}

function atMost(what: 'replicas' | 'cpu' | 'memory', parse: (text: string) => number | undefined): Reader {
  return (value, { plan }) => {
    const asked = plan.asks?.[what];
    if (asked === undefined) return undefined;
    const most = parse(value);
    if (most === undefined || !(most >= 0)) return unclear(value);
    return asked <= most ? undefined : deny(`It asks for more ${what} than ${value}.`);
  };
}

function unclear(value: string): Verdict {
  return needsApproval(`It cannot be understood, so a person decides: ${quote(value)}.`);
}

function quote(value: string): string {
  return JSON.stringify(value.slice(0, 80));
}
