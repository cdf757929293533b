import { readArray, readString } from '../src/core/json.ts';
import { type DemoAlert, notify } from './alerts.ts';
import {
  badCheckout,
  deploymentManifest,
  leakingRecommendations,
  namespaceManifest,
  nightApps,
  type ShopApp,
  shopApps,
} from './shop.ts';
import type { LocalSlack } from './slack/local-slack.ts';
import type { MessageTest } from './slack/message-test.ts';
import type { Message } from './slack/messages.ts';
import type { Stage } from './stage.ts';

export interface StoryOptions {
  readonly slack: LocalSlack;
  readonly stage: Stage;
  readonly namespace: string;
  /** Clicks Approve by itself, as Ana. */
  readonly headless: boolean;
  /** True where a node may be taken down. */
  readonly breaksNodes: boolean;
  /** Where Lifeguard takes notifications of Alertmanager. */
  readonly webhook: string;
  readonly tell: (sentence: string) => void;
}

const channel = 'C_OPS';
const approver = 'U_ANA';

/** How long a step may take, milliseconds. A person may pause Lifeguard, cut Slack off or go for lunch, and nothing ends by that. */
const patience = { headless: 120_000, person: 24 * 3600_000 } as const;

/** After so long a person is told what may hold a step up, milliseconds. */
const hintMs = 60_000;

interface Chapter {
  readonly title: string;
  readonly release: ShopApp;
  readonly headline: string;
  readonly expected: string;
  /** Fires while it lasts, about the same workload. */
  readonly alert?: Omit<DemoAlert, 'labels'>;
}

const chapters: readonly Chapter[] = [
  {
    title: 'A bad release of checkout',
    release: badCheckout,
    headline: 'checkout: crash loop',
    expected: 'checkout is healed',
    alert: {
      name: 'HighErrorRate',
      severity: 'critical',
      description: 'checkout answers 34 % of its requests with an error.',
    },
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
  const audience = createAudience(options);
  await stage.apply(namespaceManifest(namespace));
  for (const app of shopApps) await stage.apply(deploymentManifest(namespace, app));
  await board.step('A small shop runs', () =>
    stage.waitUntilSettled(
      namespace,
      shopApps.map((app) => `deployments/${app.name}`),
    ),
  );
  const play = { ...options, board, audience };
  for (const chapter of chapters) await playChapter(chapter, play);
  if (options.breaksNodes) await playNodeChapter(play);
  await playStorm(play);
  board.end();
  tell('The story is over: everything that was promised was seen.');
}

async function playChapter(chapter: Chapter, { board, audience, ...options }: Play): Promise<void> {
  const { slack, stage, namespace, headless } = options;
  await board.step(chapter.title, () => stage.apply(deploymentManifest(namespace, chapter.release)));
  const root = await board.step('Lifeguard explains it in one thread', () => audience.root(chapter.headline));
  const alerts = alertsOf(chapter, namespace);
  if (chapter.alert !== undefined) {
    const { name } = chapter.alert;
    await board.step('An alert of Prometheus about it joins the thread', async () => {
      await notify(options.webhook, 'firing', alerts);
      await audience.reply(root, `alert ${name} fires`);
    });
  }
  const again = `Rejected it, or let it expire? Type /kube rollback ${chapter.release.name}, and approve that.`;
  await board.step(
    headless ? 'Ana approves the rollback' : 'Click Approve in the message',
    async () => {
      if (headless) await approve(slack, root);
      await audience.reply(root, 'Approved by');
    },
    again,
  );
  if (alerts.length > 0) await notify(options.webhook, 'resolved', alerts);
  await board.step('Lifeguard rolls back and proves that it helped', () => audience.reply(root, chapter.expected));
  await board.step('The message in the channel says so', () => audience.text(root, 'RESOLVED'));
}

function alertsOf({ alert, release }: Chapter, namespace: string): readonly DemoAlert[] {
  return alert === undefined ? [] : [{ ...alert, labels: { namespace, deployment: release.name } }];
}

/** What a node takes along is told in the thread of the node. */
async function playNodeChapter({ stage, namespace, webhook, board, audience }: Play): Promise<void> {
  const pods = readArray(await stage.get(`/api/v1/namespaces/${namespace}/pods`), 'items');
  const nodes = [...Map.groupBy(pods, (pod) => readString(pod, 'spec', 'nodeName') ?? '')];
  const [name, tenants] = nodes.toSorted((a, b) => b[1].length - a[1].length)[0] ?? ['', []];
  const mark = (down: boolean) =>
    stage.apply({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, annotations: { 'sim.lifeguard.dev/down': `${down}` } },
    });
  const root = await board.step(`Node ${name} goes down`, async () => {
    await mark(true);
    return audience.message((message) => isRoot(message) && message.text.includes(`${name}: node is not ready`));
  });
  const alerts = tenants.map(
    (pod): DemoAlert => ({
      name: 'KubePodNotReady',
      severity: 'warning',
      labels: { namespace, pod: readString(pod, 'metadata', 'name') ?? '' },
      description: 'A pod has not been ready for a while.',
    }),
  );
  await board.step('The alerts about its pods are told in the thread of the node', async () => {
    await notify(webhook, 'firing', alerts);
    const workloads = new Set(tenants.map((pod) => readString(pod, 'metadata', 'labels', 'app') ?? ''));
    for (const app of workloads) await audience.reply(root, `${app}: alert KubePodNotReady`);
  });
  await board.step('The node comes back, and the thread is closed', async () => {
    await mark(false);
    await notify(webhook, 'resolved', alerts);
    await audience.text(root, 'RESOLVED');
  });
}

/** More incidents than people can read are one message. */
async function playStorm({ stage, namespace, board, audience }: Play): Promise<void> {
  const apply = async (up: boolean): Promise<void> => {
    for (const app of nightApps(up)) await stage.apply(deploymentManifest(namespace, app));
  };
  await board.step('Twelve jobs lose their database at once: a storm', () => apply(false));
  const root = await board.step('One message stands for all of them', () =>
    audience.message((message) => isRoot(message) && /^Storm: 1\d incidents/.test(message.text)),
  );
  await board.step('The database is back, and the message says who is well again', async () => {
    await apply(true);
    await audience.text(root, ' 0 open');
  });
}

/** Waits for what is to be seen in Slack. */
interface Audience {
  message(test: MessageTest): Promise<Message>;
  root(headline: string): Promise<Message>;
  reply(root: Message, textIncludes: string): Promise<Message>;
  text(root: Message, text: string): Promise<Message>;
}

interface Play extends StoryOptions {
  readonly board: Board;
  readonly audience: Audience;
}

function createAudience({ slack, headless }: StoryOptions): Audience {
  const timeoutMs = headless ? patience.headless : patience.person;
  const message = (test: MessageTest) => slack.waitForMessage(test, { timeoutMs });
  return {
    message,
    root: (headline) =>
      message((one, place) => place === channel && isRoot(one) && one.text.includes(headline) && hasButton(one)),
    reply: (root, textIncludes) => message({ channel, threadTs: root.ts, textIncludes }),
    text: (root, text) => message((one) => one.ts === root.ts && one.text.includes(text)),
  };
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

interface Board {
  /** Shows the step, does it, and ticks it off. `hint`: what a person reads where it does not come. */
  step<T>(text: string, work: () => Promise<T>, hint?: string): Promise<T>;
  /** Says what to try once the story is told. */
  end(): void;
}

const words = {
  headless: 'Played without a person.',
  person: 'You are Ana, on call. Open #ops-alerts and click Approve when Lifeguard asks.',
  held: 'This takes long. Is Lifeguard paused, is maintenance announced, or is Slack down? /kube status tells.',
  end: 'That was all of it. Ask for a change that cannot work, /kube image storefront missing.local/app:2, approve it, and see it undone; /kube help lists the rest.',
} as const;

function createBoard({ slack, tell, headless }: StoryOptions): Board {
  const steps: { text: string; done: boolean }[] = [];
  const usual = headless ? words.headless : words.person;
  const show = (text: string = usual): void =>
    slack.setBanner({ title: 'A day at the Acme Shop', text, steps: steps.map((step) => ({ ...step })) });
  return {
    async step(text, work, hint = words.held) {
      const step = { text, done: false };
      steps.push(step);
      show();
      const started = performance.now();
      const late = headless ? undefined : setTimeout(() => show(hint), hintMs);
      try {
        const result = await work();
        step.done = true;
        show();
        tell(`  ok  ${text} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
        return result;
      } finally {
        clearTimeout(late);
      }
    },
    end: () => show(headless ? usual : words.end),
  };
}
