import { z } from 'zod';
import type { Investigator } from '../../core/ports/investigator.ts';
import { refKey } from '../../core/resource-ref.ts';
import { inMcpSession, type McpServer, rejected } from './mcp.ts';
import { writeOpinion } from './opinion.ts';

export interface KagentOptions {
  /** Its MCP endpoint: `http://kagent-controller.kagent:8083/mcp`. */
  readonly url: string;
  /** The agent that is asked, as `namespace/name`. */
  readonly agent: string;
  readonly token?: string | undefined;
}

/** Characters of an opinion. */
const longest = 6_000;

/** Asks an agent of kagent by the tool `invoke_agent`; each question is a conversation of its own. What that agent may do is set there, not here. */
export function createKagent({ url, agent, token }: KagentOptions): Investigator {
  const server: McpServer = { name: 'kagent', setting: 'investigators.kagent.url', url, token };
  return {
    name: server.name,
    async ask({ subject, text }, signal) {
      const task = `${refKey(subject)} in Kubernetes is in trouble. ${text}\nOnly read, change nothing. Answer in a few sentences, and say what you saw that makes you think so.`;
      const answer = await inMcpSession(server, signal, (call) => call('invoke_agent', { agent, task }));
      const opinion = writeOpinion(answer, longest);
      if (opinion === '') throw rejected(server, 'the answer is empty');
      const state = stateOfTask(answer);
      if (state !== undefined) throw rejected(server, `the agent ended without words (${state})`);
      return opinion;
    },
  };
}

const Task = z.object({ status: z.object({ state: z.string() }) });

/** kagent gives the whole task as JSON where there is no text in it: when the agent waits for an approval there, say. */
function stateOfTask(answer: string): string | undefined {
  try {
    return Task.safeParse(JSON.parse(answer)).data?.status.state;
  } catch {
    return undefined;
  }
}
