import { pause } from './figures.ts';
import { type Product, type ProductOptions, startProduct } from './product.ts';

/** Workers of which one after the other is killed and replaced. */
export interface Crew {
  /** How many were killed so far. */
  readonly killed: () => number;
  stop(): Promise<void>;
}

/** A worker lives at least so long between two killings, and at most twice as long, milliseconds. */
const livesMs = 1_000;

export async function startCrew(size: number, options: Omit<ProductOptions, 'role'>): Promise<Crew> {
  const hire = (): Promise<Product> => startProduct({ ...options, role: 'worker' });
  const team: Product[] = [];
  while (team.length < size) team.push(await hire());
  const stopping = new AbortController();
  let killed = 0;

  async function rage(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(livesMs * (1 + Math.random()));
      const [victim] = team.splice(Math.floor(Math.random() * team.length), 1);
      if (victim === undefined) continue;
      process.kill(victim.pid, 'SIGKILL');
      killed += 1;
      team.push(await hire());
    }
  }

  const raging = rage();
  raging.catch(() => undefined);
  return {
    killed: () => killed,
    async stop() {
      stopping.abort();
      await raging.catch(() => undefined);
      await Promise.all(team.map((worker) => worker.stop()));
    },
  };
}
