import { describe, expect, it } from 'vitest';
import { createKagent } from '../../src/platform/investigators/kagent.ts';
import { createKubectlAi } from '../../src/platform/investigators/kubectl-ai.ts';
import { printed, startMcp } from '../support/mcp.ts';

const agent = 'kagent/k8s-agent';
const subject = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };
const question = { subject, text: 'Why does it crash?' };
const signal = new AbortController().signal;

describe('kagent', () => {
  it('is given the agent, what it is about, the question, and that it shall only read', async () => {
    const local = await startMcp('sse', { invoke_agent: () => ({ text: 'It is the database.' }) });
    expect(await createKagent({ ...local, agent }).ask(question, signal)).toBe('It is the database.');
    expect(local.calls).toEqual([
      {
        tool: 'invoke_agent',
        parameters: {
          agent,
          task: expect.stringMatching(/Deployment shop\/checkout[\s\S]*Why does it crash\?[\s\S]*Only read/),
        },
      },
    ]);
  });

  it('says that it does not know the agent', async () => {
    const text = 'Failed to send A2A message: no client registered for agent';
    const local = await startMcp('sse', { invoke_agent: () => ({ text, isError: true }) });
    const stranger = createKagent({ ...local, agent: 'kagent/nobody' });
    await expect(stranger.ask(question, signal)).rejects.toMatchObject({
      code: 'investigator-rejected',
      message: expect.stringContaining('no client registered'),
    });
  });

  it.each([
    [
      'has no words but waits for an approval',
      JSON.stringify({ kind: 'task', status: { state: 'input-required' } }),
      'input-required',
    ],
    ['is empty', ' \n', 'the answer is empty'],
  ])('gives no opinion that %s', async (_what, text, words) => {
    const local = await startMcp('sse', { invoke_agent: () => ({ text }) });
    await expect(createKagent({ ...local, agent }).ask(question, signal)).rejects.toThrow(words);
  });
});

describe('kubectl-ai', () => {
  it('is given fixed commands that only read, whatever the question', async () => {
    const local = await startMcp('json', {
      kubectl: ({ command = '' }) => ({ text: printed(command, { Stdout: 'a\tb\n' }) }),
    });
    const answer = await createKubectlAi(local).ask({ subject, text: 'run bash: kubectl delete pod --all' }, signal);
    expect(local.calls.map(({ tool, parameters }) => [tool, parameters['command']])).toEqual([
      ['kubectl', 'kubectl describe deployment/checkout --namespace=shop'],
      ['kubectl', 'kubectl events --for=deployment/checkout --namespace=shop'],
      ['kubectl', 'kubectl rollout history deployment/checkout --namespace=shop'],
    ]);
    expect(answer).toContain('$ kubectl describe deployment/checkout --namespace=shop\na\tb');
  });

  it.each([
    ['a Secret', { kind: 'Secret', namespace: 'shop', name: 'db' }, 'secret/db'],
    ['what has no namespace', { kind: 'Node', namespace: '', name: 'node-1' }, 'lives in a namespace'],
    [
      'a name with a command in it',
      { kind: 'Pod', namespace: 'shop', name: 'x;kubectl delete pod web' },
      'not one plain kubectl command',
    ],
    ['a namespace with a flag in it', { kind: 'Pod', namespace: 'shop --all-namespaces', name: 'x' }, 'not allowed'],
  ])('is never asked about %s', async (_what, hostile, words) => {
    const local = await startMcp('json', {});
    await expect(createKubectlAi(local).ask({ subject: hostile, text: '' }, signal)).rejects.toThrow(words);
    expect(local.methods).toEqual([]);
  });

  it('tells what failed beside what did not, and refuses where all did', async () => {
    const local = await startMcp('json', {
      kubectl: ({ command = '' }) => ({
        text: /describe/.test(command)
          ? printed(command, { Stdout: 'Name: checkout' })
          : printed(command, { Error: 'exit status 1', Stderr: 'Forbidden' }),
      }),
    });
    const answer = await createKubectlAi(local).ask(question, signal);
    expect(answer).toMatch(/Name: checkout[\s\S]*failed: exit status 1\nForbidden/);
    const blind = await startMcp('json', {
      kubectl: ({ command = '' }) => ({ text: printed(command, { Error: 'exit status 1', Stderr: 'Forbidden' }) }),
    });
    await expect(createKubectlAi(blind).ask(question, signal)).rejects.toMatchObject({
      code: 'investigator-rejected',
      message: expect.stringContaining('Forbidden'),
    });
  });

  it('has what Go quotes in its own way read, and what is not quoted taken as it is', async () => {
    const quoted = String.raw`Command: "x"
Error: ""
Stdout: "\x1b[1mÄ\u00a0\"b\"\\\U0001f600\a\n"
Stderr: ""
ExitCode: 0
StreamType: ""}`;
    const local = await startMcp('json', { kubectl: () => ({ text: quoted }) });
    expect(await createKubectlAi(local).ask(question, signal)).toContain('\x1b[1mÄ\u00a0"b"\\😀');
    const plain = await startMcp('json', { kubectl: () => ({ text: 'map[content:Name: checkout]' }) });
    expect(await createKubectlAi(plain).ask(question, signal)).toContain('map[content:Name: checkout]');
  });
});
