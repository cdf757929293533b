import type { Action } from '../../ops/action.ts';
import { type PlacedCommand, say } from '../command.ts';
import { openFormFor } from '../forms.ts';
import { placesOf } from '../incident-decision.ts';
import { readParameters, usageOf } from '../parameters.ts';
import { request } from '../request.ts';

/** The sub-command of an action. Where it needs more than was typed, a form asks for the rest. */
export function actionCommand(action: Action): PlacedCommand {
  return {
    id: action.command.name,
    usage: usageOf(action),
    help: action.command.help,
    role: 'operator',
    async prepare(ask, context) {
      const parameters = await readParameters(action, ask, context);
      const { userId: user, groups, opensForms } = ask;
      if ('unclear' in parameters) {
        const { unclear, lacking } = parameters;
        if (lacking === undefined || !opensForms) return { unclear };
        const run = async () => ({
          ...say(unclear),
          form: await openFormFor({ action, target: lacking, user }, context),
        });
        return { where: await placesOf(lacking, context), run };
      }
      const origin = { surface: 'slash', user, ...(groups === undefined ? {} : { groups }) } as const;
      return {
        where: await placesOf(parameters.target, context),
        run: async () => say(await request({ action, ...parameters, origin }, context)),
      };
    },
  };
}
