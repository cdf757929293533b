import {
  badCheckout,
  deploymentManifest,
  leakingRecommendations,
  namespaceManifest,
  type ShopApp,
  shopApps,
} from './shop.ts';
import type { LocalSlack } from './slack/local-slack.ts';
import type { Message } from './slack/messages.ts';
import type { Stage } from './stage.ts';

export interface StoryOptions {
  readonly slack: LocalSlack;
  readonly stage: Stage;
  readonly namespace: string;
  /** Clicks Approve by itself, as Ana. */
  readonly headless: boolean;
  readonly tell: (sentence: string) => void;
}

const channel = 'C_OPS';
const approver = 'U_ANA';

/** How long a step may take, milliseconds; with a person there is no hurry. */
const patienceMs = 120_000;
const personMs = 24 * 3600_000;

interface Chapter {
  readonly title: string;
  readonly release: ShopApp;
  readonly headline: string;
  readonly expected: string;
}

const chapters: readonly Chapter[] = [
  {
    title: 'A bad release of checkout',
    release: badCheckout,
    headline: 'checkout: crash loop',
    expected: 'checkout is healed',
  },
  {
    title: 'recommendations runs out of memory',
    release: leakingRecommendations,
    headline: 'recommendations: out-of-memory loop',
    expected: 'recommendations is healed',
  },
];

/** Plays the story on the stage; resolves when every step was seen, fails with the first that was not. */
export async function playStory(options: StoryOptions): Promise<void> {
  const { stage, namespace, tell } = options;
  const board = createBoard(options);
  await stage.apply(namespaceManifest(namespace));
  for (const app of shopApps) await stage.apply(deploymentManifest(namespace, app));
  await board.step('A small shop runs', () =>
    stage.waitUntilSettled(
      namespace,
      shopApps.map((app) => `deployments/${app.name}`),
    ),
  );
  for (const chapter of chapters) await playChapter(chapter, options, board);
  tell('The story is over: everything that was promised was seen.');
}

async function playChapter(
  chapter: Chapter,
  { slack, stage, namespace, headless }: StoryOptions,
  board: Board,
): Promise<void> {
  await board.step(chapter.title, () => stage.apply(deploymentManifest(namespace, chapter.release)));
  const root = await board.step('Lifeguard explains it in one thread', () => waitForRoot(slack, chapter.headline));
  await board.step(headless ? 'Ana approves the rollback' : 'Click Approve in the message', async () => {
    if (headless) await approve(slack, root);
    await slack.waitForMessage(
      { channel, threadTs: root.ts, textIncludes: 'Approved by' },
      { timeoutMs: headless ? patienceMs : personMs },
    );
  });
  await board.step('Lifeguard rolls back and proves that it helped', () =>
    slack.waitForMessage({ channel, threadTs: root.ts, textIncludes: chapter.expected }, { timeoutMs: patienceMs }),
  );
  await board.step('The message in the channel says so', () => waitForText(slack, root.ts, 'RESOLVED'));
}

function waitForRoot(slack: LocalSlack, headline: string): Promise<Message> {
  return slack.waitForMessage(
    (message, place) => place === channel && isRoot(message) && message.text.includes(headline) && hasButton(message),
    { timeoutMs: patienceMs },
  );
}

function isRoot({ ts, thread_ts }: Message): boolean {
  return thread_ts === undefined || thread_ts === ts;
}

function hasButton(message: Message): boolean {
  return JSON.stringify(message.blocks ?? []).includes('op:approve');
}

async function approve(slack: LocalSlack, root: Message): Promise<void> {
  const outcome = await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
  if (!outcome.ok) throw new Error(`Approve could not be clicked: ${outcome.error}`);
}

function waitForText(slack: LocalSlack, ts: string, text: string): Promise<Message> {
  return slack.waitForMessage((message) => message.ts === ts && message.text.includes(text), { timeoutMs: patienceMs });
}

interface Board {
  /** Shows the step, does it, and ticks it off. */
  step<T>(text: string, work: () => Promise<T>): Promise<T>;
}

function createBoard({ slack, tell, headless }: StoryOptions): Board {
  const steps: { text: string; done: boolean }[] = [];
  const show = (): void => {
    const text = headless
      ? 'Played without a person.'
      : 'You are Ana, on call. Open #ops-alerts and click Approve when Lifeguard asks.';
    slack.setBanner({ title: 'A day at the Acme Shop', text, steps: steps.map((step) => ({ ...step })) });
  };
  return {
    async step(text, work) {
      const step = { text, done: false };
      steps.push(step);
      show();
      const started = performance.now();
      const result = await work();
      step.done = true;
      show();
      tell(`  ok  ${text} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      return result;
    },
  };
}
