import type { LanguageModel, ModelQuestion, ModelTool } from '../../../src/core/ports/language-model.ts';

type Reply = (question: {
  readonly data: string;
  /** Uses a tool of the question; fails where it has none of this name. */
  readonly use: (name: string, params: unknown) => Promise<string>;
}) => unknown;

/** A model that answers what a test has it say, and remembers what it was asked. */
export function createScriptedModel(reply: Reply, name = 'scripted-1') {
  const asked: Omit<ModelQuestion<unknown>, 'schema'>[] = [];
  const model: LanguageModel = {
    name,
    async answer(question) {
      asked.push(question);
      const use = (tool: string, params: unknown): Promise<string> => find(question.tools, tool).run(params);
      const value = question.schema.parse(await reply({ data: question.data, use }));
      return { value, usage: { calls: 1, inputTokens: 1_000, outputTokens: 100 } };
    },
  };
  return { model, asked };
}

function find(tools: readonly ModelTool[] = [], name: string): ModelTool {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`There is no tool ${name}.`);
  return tool;
}
