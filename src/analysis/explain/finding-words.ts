import type { Finding } from '../../core/finding.ts';
import { causeWithLog, findLastWords } from './last-words.ts';
import { nextStepOf } from './next-steps.ts';

/** The finding with what its log says about why, and what a person would do next. `log`: oldest line first, redacted; `commandName` with its slash. */
export function explainFinding(finding: Finding, log: readonly string[], commandName: string): Finding {
  const words = findLastWords(log);
  const steps = [finding.next, nextStepOf(finding, words, commandName)].filter((step) => step !== undefined);
  const cause = causeWithLog(finding, words);
  const { step: _template, ...told } = finding;
  return steps.length === 0 ? { ...told, cause } : { ...told, cause, next: steps.join('\n') };
}
