import type { Action } from '../../ops/action.ts';
import { type Command, say } from '../command.ts';
import { openFormFor } from '../forms.ts';
import { readParameters, usageOf } from '../parameters.ts';
import { request } from '../request.ts';

/** The sub-command of an action. Where it needs more than was typed, a form asks for the rest. */
export function actionCommand(action: Action): Command {
  return {
    id: action.command.name,
    usage: usageOf(action),
    help: action.command.help,
    role: 'operator',
    async run(ask, context) {
      const parameters = await readParameters(action, ask, context);
      if ('unclear' in parameters) {
        const { unclear, lacking } = parameters;
        if (lacking === undefined || !ask.opensForms) return say(unclear);
        return { ...say(unclear), form: await openFormFor({ action, target: lacking, user: ask.userId }, context) };
      }
      return say(await request({ action, ...parameters, origin: { surface: 'slash', user: ask.userId } }, context));
    },
  };
}
