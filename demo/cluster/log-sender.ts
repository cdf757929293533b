import type { ServerResponse } from 'node:http';
import type { LogReading } from './logs.ts';

/** How often a log that is followed is looked at, milliseconds. */
const lookMs = 50;

/** Sends what is there, and what comes until the run is over or the reader is gone. */
export function sendLog({ text, more, isOver }: LogReading, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  if (more === undefined) {
    response.end(text);
    return;
  }
  if (text !== '') response.write(text);
  const timer = setInterval(() => {
    const over = isOver();
    const fresh = more();
    if (fresh !== '') response.write(fresh);
    if (over) response.end();
  }, lookMs);
  response.on('close', () => clearInterval(timer));
}
