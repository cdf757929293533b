import { fork } from 'node:child_process';
import { isJsonObject, type JsonObject } from '../src/core/json.ts';

/** A process of its own, so that its heap and processor time do not count. */
export interface Child {
  /** Sends one message and resolves with the one that answers it. */
  ask(message: JsonObject): Promise<JsonObject>;
  /** The next message that was not asked for, or that answers `ask`. */
  next(): Promise<JsonObject>;
  send(message: JsonObject): void;
  stop(): Promise<void>;
}

const patienceMs = 120_000;

/** Starts a file of this folder; it talks by `process.send`. */
export function startChild(file: URL, args: readonly string[] = []): Child {
  const child = fork(file, [...args], { execArgv: ['--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const arrived: JsonObject[] = [];
  const waiting: ((message: JsonObject) => void)[] = [];
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<void>();
  child.once('exit', () => onEnd());
  child.on('message', (message) => {
    if (!isJsonObject(message)) return;
    const waiter = waiting.shift();
    if (waiter === undefined) arrived.push(message);
    else waiter(message);
  });

  function next(): Promise<JsonObject> {
    const message = arrived.shift();
    if (message !== undefined) return Promise.resolve(message);
    const { promise, resolve, reject } = Promise.withResolvers<JsonObject>();
    const late = setTimeout(() => reject(new Error(`${file.pathname} said nothing in time.`)), patienceMs);
    waiting.push(resolve);
    void ended.then(() => reject(new Error(`${file.pathname} ended early.`)));
    return promise.finally(() => clearTimeout(late));
  }

  return {
    next,
    send: (message) => void child.send(message),
    ask(message) {
      child.send(message);
      return next();
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** In the child: answers each message of the parent, and ends with it. */
export function answerParent(answer: (message: JsonObject) => JsonObject | Promise<JsonObject>): void {
  process.once('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    if (isJsonObject(message)) void Promise.resolve(answer(message)).then((reply) => process.send?.(reply));
  });
}
