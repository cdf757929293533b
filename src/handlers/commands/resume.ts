import { type Command, say } from '../command.ts';

export const resume: Command = {
  id: 'resume',
  usage: '',
  help: 'Release the kill switch.',
  role: 'admin',
  async run({ userId }, { ops }) {
    const at = ops.clock.now();
    await ops.controls.setKillSwitch({ engaged: false });
    await ops.audit.append({ at, what: 'resumed', who: userId, subject: 'kill switch', detail: 'released' });
    return say('Resumed. Lifeguard may act again, within its guardrails.');
  },
};
