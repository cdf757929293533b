import { afterEach, beforeEach, onTestFinished } from 'vitest';
import type { LocalSlackOptions } from '../../demo/slack/create-world.ts';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/local-slack.ts';
import type { ViolationKind } from '../../demo/slack/violations.ts';

export interface UseLocalSlackOptions extends LocalSlackOptions {
  /** Kinds of violation the tests provoke on purpose. */
  readonly allow?: readonly ViolationKind[];
}

/** A fresh local Slack for each test of the file or `describe`. A broken Slack rule fails the test that broke it. */
export function useLocalSlack(options: UseLocalSlackOptions = {}): { readonly current: LocalSlack } {
  let slack: LocalSlack | undefined;
  beforeEach(async () => {
    const fresh = await startLocalSlack(options);
    slack = fresh;
    // Runs after the test's own clean-up, so that apps leave a Slack that still answers.
    onTestFinished(() => fresh.stop());
  });
  afterEach(() => {
    const used = slack;
    slack = undefined;
    used?.assertNoViolations(options.allow);
  });
  return {
    get current(): LocalSlack {
      if (slack === undefined) throw new Error('the local Slack runs only inside a test');
      return slack;
    },
  };
}

/** A local Slack for the running test alone; violations are left to the test. */
export async function openLocalSlack(options: LocalSlackOptions = {}): Promise<LocalSlack> {
  const slack = await startLocalSlack(options);
  onTestFinished(() => slack.stop());
  return slack;
}
