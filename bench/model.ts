import { describeFaults, tryFaults } from './model-faults.ts';
import { measureMoney } from './money.ts';
import { replayRecorded } from './recorded.ts';
import type { Row } from './table.ts';

export interface ModelOptions {
  /** The search path for programs (`PATH`). */
  readonly path: string;
  /** The folder with the data sets. */
  readonly data: string;
  readonly tell: (sentence: string) => void;
}

/** The recorded incident with a log and Events: all that a model can be wrong about is in its evidence. */
const example = '06_job_failure';

/** What people get when the model does not do well, and what it costs. */
export async function measureModel({ path, data, tell }: ModelOptions): Promise<readonly Row[]> {
  const replayed = await replayRecorded(data);
  const [incident] = replayed.find(({ id }) => id === example)?.incidents ?? [];
  if (incident === undefined) throw new Error(`There is no incident ${example}.`);
  const outcomes = await tryFaults(incident);
  for (const line of describeFaults(outcomes)) tell(line);
  const unsupported = outcomes.flatMap((one) => one.unsupported);
  for (const one of unsupported) tell(`unsupported: ${one}`);
  const row = { comparedWith: '', runs: `${outcomes.length} ways to answer, an incident each` };
  return [
    {
      ...row,
      name: 'faults of the model: unsupported sentences shown, and actions proposed',
      figure: `${unsupported.length}, ${outcomes.reduce((sum, { proposed }) => sum + proposed, 0)}`,
      target: '0, 0',
    },
    {
      ...row,
      name: 'faults of the model: requests for one incident, the most',
      figure: `${Math.max(...outcomes.map(({ requests }) => requests))}`,
      target: '',
    },
    ...(await measureMoney(path)),
  ];
}
