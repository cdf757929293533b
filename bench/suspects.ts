import { stat } from 'node:fs/promises';
import { quantile } from '../src/analysis/baseline.ts';
import { rankSuspects } from '../src/analysis/suspects/rank.ts';
import type { Column, RecordedIncident } from './suspects/incident.ts';
import { readNezha } from './suspects/nezha.ts';
import { readPetshop } from './suspects/petshop.ts';
import type { Row } from './table.ts';

/**
 * What others report, top-1 and top-3 of all faults of the set (ours are part of them). PetShop: the output kept in RCA-Dataset-Eval.ipynb of
 * amazon-science/petshop-root-cause-analysis (graph traversal with median deviations); its paper's own table was not at hand. Nezha: table 3 of Yu et
 * al., FSE 2023; MicroRCA takes metrics alone, Nezha also logs and traces, and both days.
 */
const published: readonly (readonly [prefix: string, figures: string])[] = [
  ['petshop low_traffic, latency', 'traversal 0.571, 0.571 of 14'],
  ['petshop low_traffic, availability', 'traversal 0.833, 1.000 of 12'],
  ['petshop high_traffic, latency', 'traversal 0.571, 0.786 of 14'],
  ['petshop high_traffic, availability', 'traversal 0.667, 1.000 of 12'],
  ['petshop temporal_traffic', 'traversal: latency 1.000, 1.000; availability 0.750, 1.000, of 8 each'],
  ['nezha', 'MicroRCA 0.161, 0.625; PDiagnose 0.411, 0.732; Nezha 0.929, 0.964 of 56'],
];

type Ranking = (incident: RecordedIncident) => readonly string[];

/** How often the cause is the first suspect, and among the first three, beside BARO's plain rule on the same faults. `data`: where the sets are. */
export async function measureSuspects(tell: (sentence: string) => void, data: string): Promise<readonly Row[]> {
  const incidents = [
    ...(await readIfThere(`${data}/petshop`, readPetshop, tell)),
    ...(await readIfThere(`${data}/nezha-onlineboutique`, readNezha, tell)),
  ];
  for (const incident of incidents) tellMiss(incident, tell);
  return [...Map.groupBy(incidents, ({ group }) => group)].map(([group, members]) => ({
    name: `suspects: ${group}: cause first, in first three`,
    figure: shares(members, rankByRule),
    comparedWith: [`BARO ${shares(members, rankByBaro)}`, ...publishedOf(group)].join('; '),
    target: '',
    runs: `${members.length} faults`,
  }));
}

async function readIfThere(
  folder: string,
  read: (folder: string) => Promise<readonly RecordedIncident[]>,
  tell: (sentence: string) => void,
): Promise<readonly RecordedIncident[]> {
  const there = await stat(folder).then(
    () => true,
    () => false,
  );
  if (there) return read(folder);
  tell(`suspects: left out, because ${folder} is not there: name its parent with --data.`);
  return [];
}

function rankByRule({ inquiry }: RecordedIncident): readonly string[] {
  return rankSuspects(inquiry).map(({ node }) => node);
}

/** As published: `max((value - median) / IQR)` from the fault on, an IQR of zero taken for one; the highest column speaks for its node. */
function rankByBaro({ columns }: RecordedIncident): readonly string[] {
  const scored = columns
    .map((column) => ({ node: column.node, score: baroScore(column) }))
    .toSorted((a, b) => b.score - a.score);
  return [...new Set(scored.map(({ node }) => node))];
}

function baroScore({ normal, abnormal }: Column): number {
  const [usual, seen] = [normal, abnormal].map((values) => values.filter((value) => value !== undefined));
  if (usual === undefined || seen === undefined || usual.length === 0 || seen.length === 0)
    return Number.NEGATIVE_INFINITY;
  const range = quantile(usual, 0.75) - quantile(usual, 0.25);
  return (Math.max(...seen) - quantile(usual, 0.5)) / (range === 0 ? 1 : range);
}

function shares(incidents: readonly RecordedIncident[], rank: Ranking): string {
  const places = incidents.map((incident) => rank(incident).indexOf(incident.cause));
  const within = (most: number): string =>
    (places.filter((place) => place >= 0 && place < most).length / places.length).toFixed(3);
  return `${within(1)}, ${within(3)}`;
}

function publishedOf(group: string): readonly string[] {
  return published.filter(([prefix]) => group.startsWith(prefix)).map(([, figures]) => figures);
}

function tellMiss({ group, name, cause, inquiry }: RecordedIncident, tell: (sentence: string) => void): void {
  const suspects = rankSuspects(inquiry);
  const place = suspects.findIndex(({ node }) => node === cause);
  if (place === 0) return;
  const where = place < 0 ? 'is not suspected.' : `comes ${place + 1}.`;
  tell(`suspects: ${group}: ${name}: ${cause} ${where} First: ${suspects[0]?.reason ?? 'nobody'}.`);
}
