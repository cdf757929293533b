import type { OpsContext } from '../../src/ops/context.ts';

/** Thrown by every call of a process that has died. */
class Killed extends Error {}

const ports = [
  'workloads',
  'objects',
  'observer',
  'configHistory',
  'alertmanager',
  'alerts',
  'health',
  'proposals',
  'executions',
  'incidents',
  'journal',
  'controls',
  'ledger',
  'audit',
  'queue',
] as const satisfies readonly (keyof OpsContext)[];

/** The same context, in which the process dies at the given call of any port, before it takes effect or just after; the dead call nobody. */
export function dieAt(ops: OpsContext, call: number, when: 'before' | 'after'): OpsContext {
  let calls = 0;
  function fragile<T extends object>(port: T | undefined): T | undefined {
    if (port === undefined) return undefined;
    return new Proxy(port, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return async (...args: readonly unknown[]) => {
          calls += 1;
          if (calls > call || (calls === call && when === 'before')) throw new Killed();
          const result: unknown = await Reflect.apply(value, target, args);
          if (calls === call) throw new Killed();
          return result;
        };
      },
    });
  }
  return Object.assign({ ...ops }, Object.fromEntries(ports.map((name) => [name, fragile(ops[name])])));
}

/** Runs until the process dies. Answers whether it came to the end instead. */
export async function runUntilKilled(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}
