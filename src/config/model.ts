import { z } from 'zod';

const perMillion = z.number().min(0).max(10_000);

/** The model that words explanations. */
export const ModelSettings = z.strictObject({
  name: z
    .string()
    .regex(/^[\w./:@-]{1,128}$/, 'the name of a model such as gpt-5-mini')
    .default('gpt-5-mini')
    .describe(
      'The model at OPENAI_BASE_URL, or at OpenAI, that words explanations. Small ones do: they reword evidence.',
    ),
  deadlineSeconds: z
    .number()
    .min(1)
    .max(300)
    .default(45)
    .describe('For a whole question; after it the explanation stays that of the rules.'),
  callsPerDay: z.number().int().min(0).default(200).describe('For all incidents together; 0: none. Then rules only.'),
  callsPerIncident: z.number().int().min(0).default(5).describe('For one incident, ever; then rules only.'),
  questionsPerIncident: z
    .number()
    .int()
    .min(0)
    .default(10)
    .describe('That people may ask about one incident, ever; they count for the day, not for callsPerIncident.'),
  price: z
    .strictObject({ inputPerMillion: perMillion, outputPerMillion: perMillion })
    .optional()
    .describe('What a million tokens cost, in your currency, to show what an explanation did.'),
});

const endpoint = z.url({ protocol: /^https?$/ });

/** Who is asked for a second opinion. */
export const InvestigatorSettings = z
  .strictObject({
    kagent: z
      .strictObject({
        url: endpoint.describe('Its MCP endpoint, such as http://kagent-controller.kagent:8083/mcp.'),
        agent: z
          .string()
          .regex(
            /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
            'an agent as namespace/name, such as kagent/k8s-agent',
          )
          .describe('Who is asked. Take one whose tools only read.'),
      })
      .optional(),
    kubectlAi: z
      .strictObject({ url: endpoint.describe('Its MCP endpoint, such as http://kubectl-ai.tools:9080/mcp.') })
      .optional(),
  })
  .describe('Other systems that give a second opinion when a person asks for one.');
