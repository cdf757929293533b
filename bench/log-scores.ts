/**
 * How well log templates were found, as logpai/loghub-2.0 defines it (benchmark/logparser/utils/evaluator.py, benchmark/evaluation/utils). A group is the lines of
 * one template text.
 */
export interface LogScores {
  /** Grouping accuracy: lines in a group that holds exactly the lines of its true template. */
  readonly ga: number;
  /** The harmonic mean of precision and recall of groups so matched. */
  readonly fga: number;
  /** Parsing accuracy: lines whose template reads exactly as the true one. */
  readonly pa: number;
  /** The same mean of templates that read exactly as the true one of all their lines. */
  readonly fta: number;
}

/** The true template and the found one of each line. */
export function scoreTemplates(truth: readonly string[], found: readonly string[]): LogScores {
  const [foundByTrue, trueByFound] = [countPairs(truth, found), countPairs(found, truth)];
  const matched = [...foundByTrue].filter(([, others]) => {
    const [other = ''] = others.keys();
    return others.size === 1 && trueByFound.get(other)?.size === 1;
  });
  const lines = matched.reduce((sum, [, others]) => sum + sumOf(others), 0);
  const exact = [...trueByFound].filter(([template, others]) => others.size === 1 && others.has(template)).length;
  const [precise, recalled] = [trueByFound.size, foundByTrue.size];
  return {
    ga: lines / truth.length,
    fga: harmonicMean(matched.length / precise, matched.length / recalled),
    pa: truth.filter((template, line) => template === found[line]).length / truth.length,
    fta: harmonicMean(exact / precise, exact / recalled),
  };
}

const pathEnds = /([\s,!;:=|"'[\](){}])/;
const wordEnds = /([\s,!;:=|"'[\](){}.\-+@#$%&])/;

/**
 * A template by the rules with which the corrected templates of the data were made (correct_single_template in benchmark/evaluation/utils/common.py): paths,
 * numbers, booleans and words that hold a variable are one variable, and so are variables side by side.
 */
export function correctTemplate(template: string): string {
  const paths = template.trim().replaceAll(/\s+/g, ' ').split(pathEnds);
  const words = paths
    .map((part) => (/^(?:\/[^/]+)+$/.test(part) ? '<*>' : part))
    .join('')
    .split(wordEnds);
  const corrected = words.map((part) => (isCorrected(part) ? '<*>' : part)).join('');
  return corrected.replaceAll(/<\*>(?:\.<\*>)+/g, '<*>').replaceAll(/(?:<\*>){2,}/g, '<*>');
}

function isCorrected(part: string): boolean {
  return (
    /^(?:true|false|null|root|admin|\d+)$/i.test(part) || (/^[^\s/]*<\*>[^\s/]*$/.test(part) && part !== '<*>/<*>')
  );
}

function countPairs(keys: readonly string[], values: readonly string[]): ReadonlyMap<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const [line, key] of keys.entries()) {
    const value = values[line] ?? '';
    const of = counts.get(key) ?? new Map<string, number>();
    counts.set(key, of.set(value, (of.get(value) ?? 0) + 1));
  }
  return counts;
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function harmonicMean(one: number, other: number): number {
  return one + other === 0 ? 0 : (2 * one * other) / (one + other);
}
