import type { Investigator } from '../../core/ports/investigator.ts';
import { type ResourceRef, refKey } from '../../core/resource-ref.ts';
import { type CallTool, inMcpSession, type McpServer, rejected } from './mcp.ts';
import { writeOpinion } from './opinion.ts';
import { refuseCommand } from './read-only-command.ts';

export interface KubectlAiOptions {
  /** Its MCP endpoint: `http://kubectl-ai.tools:9080/mcp`. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** Characters of what one command printed. */
const longest = 2_000;

/**
 * Has kubectl-ai, which runs whatever it is given, run a few fixed commands about the subject, each behind our own check. Its tool `bash` is never
 * called. As an MCP server it has no model: the question's words stay here, and the answer is what was printed.
 */
export function createKubectlAi({ url, token }: KubectlAiOptions): Investigator {
  const server: McpServer = { name: 'kubectl-ai', setting: 'investigators.kubectlAi.url', url, token };
  return {
    name: server.name,
    async ask({ subject }, signal) {
      if (subject.namespace === '') throw rejected(server, 'it is asked only about what lives in a namespace');
      const commands = commandsAbout(subject);
      const refusal = commands
        .map((command) => refuseCommand(command, subject.namespace))
        .find((why) => why !== undefined);
      if (refusal !== undefined) throw rejected(server, `it is not asked about ${refKey(subject)}: ${refusal}`);
      const outputs = await inMcpSession(server, signal, (call) => runAll(call, commands));
      if (outputs.every(({ failed }) => failed)) throw rejected(server, outputs[0]?.text ?? '');
      return outputs.map(({ command, text }) => `$ ${command}\n${writeOpinion(text, longest)}`).join('\n\n');
    },
  };
}

const withRevisions = ['Deployment', 'StatefulSet', 'DaemonSet'];

function commandsAbout({ kind, namespace, name }: ResourceRef): readonly string[] {
  const object = `${kind.toLowerCase()}/${name}`;
  return [
    `kubectl describe ${object} --namespace=${namespace}`,
    `kubectl events --for=${object} --namespace=${namespace}`,
    ...(withRevisions.includes(kind) ? [`kubectl rollout history ${object} --namespace=${namespace}`] : []),
  ];
}

interface Output {
  readonly command: string;
  readonly text: string;
  readonly failed: boolean;
}

/** One after the other: whoever looks on there sees one command at a time. */
async function runAll(call: CallTool, commands: readonly string[]): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  for (const command of commands) {
    const answer = await call('kubectl', { command, modifies_resource: 'no' });
    outputs.push({ command, ...readAnswer(answer) });
  }
  return outputs;
}

/** kubectl-ai prints its result with Go's `%q`, a field a line; what looks different is taken as it is. */
function readAnswer(answer: string): Omit<Output, 'command'> {
  const [printed, complaint, fault] = ['Stdout', 'Stderr', 'Error'].map((field) => {
    const quoted = new RegExp(`^${field}: "(.*)"$`, 'm').exec(answer)?.[1];
    return quoted === undefined ? undefined : unquote(quoted);
  });
  if (printed === undefined) return { text: answer, failed: false };
  const failed = (fault ?? '') !== '' || /^ExitCode: [1-9-]/m.test(answer);
  const text = [printed, failed ? `failed: ${fault ?? ''}` : '', complaint].filter(Boolean).join('\n');
  return { text: text === '' ? 'nothing' : text, failed };
}

const letters: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Undoes strconv.Quote of Go. */
function unquote(text: string): string {
  return text.replaceAll(/\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)/g, (escape) => {
    const letter = escape.charAt(1);
    if (escape.length === 2) return letters[letter] ?? letter;
    return String.fromCodePoint(Math.min(parseInt(escape.slice(2), 16), 0x10_ffff));
  });
}
