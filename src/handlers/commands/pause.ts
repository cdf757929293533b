import { escapeText } from '../../notifications/blocks/mrkdwn.ts';
import { type Command, say } from '../command.ts';
import { joinReason } from '../words.ts';

export const pause: Command = {
  id: 'pause',
  usage: '[reason]',
  help: 'Engage the kill switch: nothing is changed by anybody through Lifeguard until resume.',
  role: 'admin',
  async run({ words, userId }, { ops, commandName }) {
    const at = ops.clock.now();
    const reason = joinReason(words) || 'no reason given';
    await ops.controls.setKillSwitch({ engaged: true, by: userId, at, reason });
    await ops.audit.append({ at, what: 'paused', who: userId, subject: 'kill switch', detail: reason });
    return say(
      `Paused (${escapeText(reason)}). Lifeguard goes on watching and reporting, but changes nothing. \`${commandName} resume\` lifts it.`,
    );
  },
};
