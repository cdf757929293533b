import { describeError, hasCode } from '../../core/errors.ts';
import type { Answered, NotAnswered } from '../../core/ports/answering.ts';
import { escapeText } from '../../notifications/blocks/mrkdwn.ts';
import { reportAnswer, reportThinking } from '../../notifications/reports/answer.ts';
import { type Ask, type PlacedCommand, say } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { findIncident } from '../named-incident.ts';

export const ask: PlacedCommand = {
  id: 'ask',
  usage: '<incident> <question>',
  help: 'Ask the AI about an incident; in its thread without the id. It reads, cites what it read, and changes nothing.',
  role: 'viewer',
  async prepare(asked, context) {
    const usage = `Type \`${context.commandName} ${ask.id} ${ask.usage}\`, or mention me with \`ask\` and the question in its thread.`;
    const named = await findIncident(asked, context);
    if ('unclear' in named) return { unclear: `${named.unclear} ${usage}` };
    const { incident, words } = named;
    const question = words.join(' ');
    if (question === '') return { unclear: `What do you want to know? ${usage}` };
    return {
      where: [incident.subject.namespace],
      run: async () => {
        const answered = await answer({ incidentId: incident.id, question }, asked, context);
        return 'refused' in answered
          ? say(escapeText(answered.refused))
          : reportAnswer({ question, incident, answered });
      },
    };
  },
};

/** What each step is called to people; other steps are said as the model's adapter says them. */
const steps: Readonly<Record<string, string>> = {
  'looks up read_logs': 'reads logs',
  'looks up read_events': 'reads Events',
  'looks up describe_finding': 'reads what the rules found',
};

interface Wish {
  readonly incidentId: string;
  readonly question: string;
}

async function answer(wish: Wish, { maySee, show }: Ask, context: DeskContext): Promise<Answered | NotAnswered> {
  const tell = (step: string): void => show(reportThinking(wish.question, steps[step] ?? step));
  tell('looks at the evidence');
  try {
    return await context.answer({ ...wish, may: maySee, onProgress: tell });
  } catch (error) {
    const code = modelCodes.find((one) => hasCode(error, one));
    if (code === undefined) throw error;
    context.ops.log.warn('a question was not answered', { incident: wish.incidentId, problem: describeError(error) });
    return { refused: `${failures[code]} The evidence is in the thread of ${wish.incidentId}.` };
  }
}

const modelCodes = ['model-unreachable', 'model-rejected', 'model-unusable'] as const;

const failures: Readonly<Record<(typeof modelCodes)[number], string>> = {
  'model-unreachable': 'The model does not answer now. Please ask again in a minute.',
  'model-rejected': 'The model refuses to be asked: its key or its name is wrong, which is for whoever runs Lifeguard.',
  'model-unusable': 'The model gave no answer that can be used.',
};
