import { ModelFailure } from './failures.ts';

/** From the one that holds a model to the schema most. `schema_object` is a `json_object` with a `schema`, as llama-cpp-python, Together and Fireworks take it. */
const formats = ['json_schema', 'schema_object', 'json_object', 'text'] as const;

/** How an answer is asked for: what the server is told of its form, and whether it is offered tools. */
export interface Rung {
  readonly format: (typeof formats)[number];
  readonly tools: boolean;
}

const lowest: Rung = { format: 'text', tools: false };
const plain: readonly Rung[] = formats.map((format) => ({ format, tools: false }));
/** Servers that take a form of answer or tools, but not both, and those without tools, exist. */
const withTools: readonly Rung[] = [...formats.map((format) => ({ format, tools: true })), ...plain];

export interface Ladder {
  /** Tries the rung that worked last, then each below it for as long as the server refuses the form of the request. */
  descend<T>(tools: boolean, attempt: (rung: Rung) => Promise<T>): Promise<T>;
}

/** A server that has never answered, and gives no reason at so many forms, is broken whatever the form. */
const mostUnexplained = 2;

/** Remembers, for as long as the process lives, what the server takes. */
export function createLadder(): Ladder {
  const known: Record<'plain' | 'tools', number | undefined> = { plain: undefined, tools: undefined };

  /** `times`: how often nothing was explained. What has worked before is not given up for an error that nobody explains. */
  function refusesForm({ blame, unexplained }: ModelFailure, worked: boolean, times: number): boolean {
    if (blame === 'form') return true;
    const hasAnswered = known.plain !== undefined || known.tools !== undefined;
    return unexplained && !worked && (hasAnswered || times < mostUnexplained);
  }

  return {
    async descend(tools, attempt) {
      const [rungs, key] = tools ? [withTools, 'tools' as const] : [plain, 'plain' as const];
      let refusal: unknown;
      let unexplained = 0;
      for (let at = known[key] ?? 0; at < rungs.length; at += 1) {
        try {
          const value = await attempt(rungs[at] ?? lowest);
          known[key] = at;
          return value;
        } catch (error) {
          if (!(error instanceof ModelFailure)) throw error;
          if (error.blame === 'answer') known[key] = at;
          if (error.unexplained) unexplained += 1;
          if (!refusesForm(error, known[key] === at, unexplained)) throw error;
          refusal = error;
        }
      }
      throw refusal;
    },
  };
}
