import { startWorkers } from '../../src/jobs/workers.ts';
import { lockMs } from './jobs.ts';

/** A worker process that takes executions and never ends one. Arguments: address of Redis, cluster. Prints the id of each that it begins. */
const [redisUrl = '', cluster = ''] = process.argv.slice(2);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

await startWorkers({
  redisUrl,
  cluster,
  log: quiet,
  random: () => 0,
  lockMs,
  tasks: {
    execute(id) {
      process.stdout.write(`${id}\n`);
      return new Promise(() => undefined);
    },
  },
});
