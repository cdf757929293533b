import { describe, expect, it } from 'vitest';
import { createMiner, type MinedLine, type Miner, type Pattern } from '../../../../src/analysis/logs/miner.ts';

function mine(lines: readonly string[], miner = createMiner()): readonly MinedLine[] {
  return lines.map((line) => miner.add(line));
}

/** The templates of lines, once each line was seen. */
function templatesOf(lines: readonly string[]): readonly string[] {
  const miner = createMiner();
  const templates = mine(lines, miner).map(({ pattern }) => miner.resolve(pattern.id)?.template ?? '');
  return [...new Set(templates)];
}

function patternOf(miner: Miner, template: string): Pattern | undefined {
  return miner.patterns().find((pattern) => pattern.template === template);
}

describe('log patterns', () => {
  it('knows what is variable by its form from the first line on, and gives its values', () => {
    const [first, second] = mine([
      'Received block blk_-512 of size 67108864 from /10.251.122.79 in 12ms',
      'Received block blk_77 of size 91 from /10.251.7.9 in 0.5s',
    ]);
    expect(first?.pattern.template).toBe('Received block <*> of size <*> from <*> in <*>');
    expect(second?.pattern).toEqual({ ...first?.pattern, count: 2 });
    expect([first?.isNew, second?.isNew]).toEqual([true, false]);
    expect(second?.parameters).toEqual(['blk_77', '91', '/10.251.7.9', '0.5s']);
  });

  it.each([
    ['an address with a port', 'connect to 10.0.0.1:80 failed', 'connect to <*> failed'],
    ['a host with a port', 'connect to db.prod.svc:5432 failed', 'connect to <*> failed'],
    ['a place in a program', 'server.go:42 listening', 'server.go:<*> listening'],
    ['keys and values', 'pool used=20/20 wait:7 ok', 'pool used=<*>/<*> wait:<*> ok'],
    ['a date in words', 'login at Sun Jul  3 23:16:09 2005 ok', 'login at <*> ok'],
    ['a date in digits', 'from 2017-05-16 00:00:00.12 on', 'from <*> on'],
    ['a request', '"GET /v2/users?page=2&size=9 HTTP/1.1" status: 200', '"GET <*>" status: <*>'],
    ['a UUID', 'instance 0673dd71-34c5-4fbb-86c4-40623fbe45b4 gone', 'instance <*> gone'],
    ['a pod', 'evicting pod web-7d9f8c-x7k2p', 'evicting pod <*>'],
    ['a list', 'delete blk_1 blk_2, blk_3 now', 'delete <*> now'],
    ['neighbours that are not one list', 'connect 10.0.0.1 5 times', 'connect <*> <*> times'],
    [
      'MAC and IPv6 addresses',
      'moved to ca:fe:00:12:ab:cd at fe80::1 or ::ffff:10.1.4.251',
      'moved to <*> at <*> or <*>',
    ],
    ['the root of a site', '"GET / HTTP/1.1" status: 200', '"GET <*>" status: <*>'],
    ['paths', 'copy C:\\logs\\x.log to /var/log or ~/x', 'copy <*> to <*> or <*>'],
    ['what is assigned in quotes', 'tag="View Lock 7" msg="it was 7 s"', 'tag="<*>" msg="it was <*> s"'],
    ['escaped quotes', 'err="pod \\"a/b-1\\" not found"', 'err="pod \\"<*>\\" not found"'],
    ['joined numbers', 'CPU#0 Server@1a2b3c v1.2', 'CPU#<*> Server@<*> <*>'],
    ['words with a digit', 'ssh2 utf8 log4j jk2_init()', 'ssh2 utf8 log4j jk2_init()'],
    ['addresses as Java writes them', 'moved /10.0.0.1:80 to /0:0:0:0:0:0:0:1:81', 'moved /<*>:<*> to /<*>:<*>'],
    ['a list of them', 'nodes [/10.0.0.1:80, /10.0.0.2:80]', 'nodes [<*>]'],
    ['what is numbered', 'node-7 wrote core.2275 with jetty-6.1.26', 'node-<*> wrote core.<*> with jetty-<*>'],
    ['a list of it', 'assigned orders-1, orders-2', 'assigned <*>'],
    ['names of machines', 'moved from mesos-slave-07 to cp-1.slow', 'moved from <*> to <*>'],
    ['nodes of a cluster', 'rabbit@10.1.2.3 and Http2Stream@7f3a2b met', 'rabbit@<*> and Http2Stream@<*> met'],
    ['bounds', 'took <1ms, lost >5%; <13> a<b', 'took <*>, lost <*>; <<*>> a<b'],
    ['dot leaders', 'cache enable......0 done...', 'cache enable......<*> done...'],
    ['fingerprints', 'key MD5:16:27:ac:a5:76:28:2d:36:63:1b taken', 'key MD5:<*> taken'],
    ['addresses behind a key', 'from:fe80::1 mac:00:11:22:33:44:e5', 'from:<*> mac:<*>'],
    ['a method', 'IO80211Manager::setMode was called', 'IO80211Manager::setMode was called'],
    ['values that are words', 'ready:true path=n/a rate=NaN', 'ready:<*> path=<*> rate=<*>'],
    ['accounts', 'user root, user=admin, root cause', 'user <*>, user=<*>, root cause'],
    ['a file in an archive', 'jar:file:/app/a.jar!/lib/b.jar!/x is gone', 'jar:file:<*> is gone'],
  ])('takes %s for what it is', (_, line, template) => {
    expect(mine([line])[0]?.pattern.template).toBe(template);
  });

  it('makes a place variable when enough different words stood in it; earlier ids lead there', () => {
    const miner = createMiner();
    const lines = ['anna', 'bert', 'carl', 'dora', 'emil'].map((name) => `session of ${name} was closed`);
    const mined = mine(lines, miner);
    expect(mined.map(({ pattern }) => pattern.template)).toEqual([
      ...lines.slice(0, 3),
      'session of <*> was closed',
      'session of <*> was closed',
    ]);
    expect(mined.at(-1)).toMatchObject({ parameters: ['emil'], isNew: false, pattern: { count: 5 } });
    const wide = { id: mined[0]?.pattern.id, template: 'session of <*> was closed', count: 5 };
    for (const { pattern } of mined) expect(miner.resolve(pattern.id)).toEqual(wide);
  });

  it('needs fewer for names: behind such words as "user", and where digits are in them', () => {
    const logins = ['anna', 'bert', 'carl'].map((user) => `login of user ${user} ok`);
    expect(templatesOf(logins)).toEqual(['login of user <*> ok']);
    expect(templatesOf(["no 'app' here", "no 'web' here", "no 'job' here"])).toEqual(["no '<*>' here"]);
    expect(templatesOf(['disk sda1 is full', 'disk sdb1 is full'])).toEqual(['disk <*> is full']);
    expect(templatesOf(['tag="one lock" held', 'tag="wake" held', 'tag="my own lock" held'])).toEqual([
      'tag="<*>" held',
    ]);
    expect(templatesOf(['tty=ssh open', 'tty=web open', 'tty=console open'])).toEqual(['tty=<*> open']);
  });

  it('keeps apart what happened and in which state', () => {
    const events = ['Started', 'Paused', 'Resumed', 'Stopped', 'Destroyed'].map((word) => `VM ${word} (lifecycle)`);
    expect(templatesOf(events)).toEqual(events);
    expect(templatesOf(['node was cordoned', 'node was drained', 'node was deleted', 'node was added'])).toHaveLength(
      4,
    );
    const states = ['NEW', 'RUNNING', 'KILLED', 'SUCCEEDED', 'LOST'].map((word) => `task 7 is now ${word}`);
    expect(templatesOf(states)).toHaveLength(5);
    const services = ['cron', 'disk', 'mail', 'print', 'time'].map((word) => `${word} startup succeeded`);
    expect(templatesOf(services)).toEqual(services);
  });

  it('takes a changing unit for a part of the number, and so in the whole message', () => {
    const miner = createMiner();
    const [, second] = mine(['stored 790.0 B, free 826.8 KB', 'stored 1.2 KB, free 825.0 KB'], miner);
    expect(second?.pattern.template).toBe('stored <*>, free <*>');
    expect(second?.parameters).toEqual(['1.2 KB', '825.0 KB']);
    expect(templatesOf(['limit 512 MB, free 1 MB', 'limit 256 MB, free 2 MB'])).toEqual(['limit <*> MB, free <*> MB']);
  });

  it('shows what all values have in common, and no longer when one has not', () => {
    const miner = createMiner();
    const alike = mine(['pod web-0 failed', 'pod web-1 failed'], miner);
    expect(alike.map(({ pattern }) => pattern.template)).toEqual(['pod web-<*> failed', 'pod web-<*> failed']);
    expect(alike.map(({ parameters }) => parameters)).toEqual([['0'], ['1']]);
    const others = mine(['pod db-0 failed', 'pod api-7d9f8c-x7k2p failed', 'pod web-2 failed'], miner);
    expect(others.map(({ pattern }) => pattern.template)).toEqual(Array(3).fill('pod <*> failed'));
    expect(others.map(({ parameters }) => parameters)).toEqual([['db-0'], ['api-7d9f8c-x7k2p'], ['web-2']]);
    expect(miner.patterns()).toHaveLength(1);
    expect(templatesOf(['dial /10.0.0.1:80', 'dial db/10.0.0.2:80', 'dial 10.0.0.3'])).toEqual(['dial <*>']);
    expect(mine(['dial /10.0.0.1:80'])[0]?.parameters).toEqual(['10.0.0.1', '80']);
  });

  it('takes an empty pair of brackets or quotes for one that could be filled, but not the call of a function', () => {
    expect(templatesOf(['connection from 1.2.3.4 () at 9', 'connection from 1.2.3.4 (a.b.com) at 9'])).toEqual([
      'connection from <*> (<*>) at <*>',
    ]);
    expect(mine(['init() ok'])[0]?.pattern.template).toBe('init() ok');
  });

  it('gives stack traces of any depth one pattern, which tells the exception and its cause', () => {
    const [first, second] = mine([
      'Error: no route\n    at dial (net.js:12)\nCaused by: timeout',
      'Error: no route\n    at dial (net.js:99)\n    at main (app.js:1)\nCaused by: timeout',
    ]);
    expect(second?.pattern.id).toBe(first?.pattern.id);
    expect(second?.pattern.template).toBe('Error: no route <*> Caused by: timeout');
    expect(
      templatesOf(['Traceback:\n  File "a", line 1\nKeyError: x', 'Traceback:\n  File "a"\nValueError: y']),
    ).toHaveLength(2);
  });

  it('forgets what was not seen for longest', () => {
    const miner = createMiner({ maxPatterns: 16 });
    for (let line = 0; line < 200; line += 1) {
      miner.add('the heart beats');
      miner.add(`${'x'.repeat(line % 40)}y ${'(z)'.repeat(line + 1)}`);
    }
    expect(miner.patterns().length).toBeLessThanOrEqual(16);
    expect(patternOf(miner, 'the heart beats')?.count).toBe(200);
    expect(miner.resolve('000000000000')).toBeUndefined();
    const smaller = createMiner({ maxPatterns: 4 }, miner.state());
    smaller.add('something new');
    expect(smaller.patterns().length).toBeLessThanOrEqual(4);
  });

  it('gives a first message the same id in every miner', () => {
    const [one] = mine(['ready after 5 s']);
    const [other] = mine(['ready after 77 s']);
    expect(one?.pattern.id).toBe(other?.pattern.id);
  });

  it('joins what two miners learned apart', () => {
    const [left, right] = [createMiner(), createMiner()];
    const [early] = mine(['session of anna was closed', 'session of bert was closed', 'disk full'], left);
    mine(['session of carl was closed', 'session of dora was closed', 'disk full'], right);
    left.merge(right.state());
    expect(left.patterns().map(({ template, count }) => [template, count])).toEqual([
      ['disk full', 2],
      ['session of <*> was closed', 4],
    ]);
    expect(left.resolve(early?.pattern.id ?? '')?.count).toBe(4);
  });
});
