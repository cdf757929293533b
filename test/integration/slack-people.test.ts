import { beforeEach, describe, expect, it } from 'vitest';
import type { People } from '../../src/core/ports/people.ts';
import { createPeople } from '../../src/platform/slack/people.ts';
import { openClient } from '../support/bolt-app.ts';
import { useLocalSlack } from '../support/local-slack.ts';

const person = { avatarColor: '#000000', title: '', teamId: 'T0LOCAL' };
const slack = useLocalSlack({
  users: [
    { ...person, id: 'U_GONE', name: 'gone', realName: 'Gone', deleted: true },
    { ...person, id: 'U_ROBOT', name: 'robot', realName: 'Robot', isBot: true },
  ],
});
let now = 0;
let people: People;

beforeEach(() => {
  now = 1_000_000;
  const clock = { now: () => now, schedule: () => () => undefined };
  people = createPeople({ client: openClient(slack.current), clock, groups: ['S_ONCALL'] });
});

const calls = (method: string) => slack.current.requests.filter((call) => call.method === method).length;

describe('people of Slack', () => {
  it.each([
    ['U_ANA', 'member', ['S_ONCALL']],
    ['U_BEN', 'member', []],
    ['U_GUS', 'guest', []],
    ['U_EVE', 'stranger', []],
    ['U_GONE', 'deleted', []],
    ['U_ROBOT', 'bot', []],
  ])('%s is a %s', async (id, kind, groups) => {
    expect(await people.describe(id)).toMatchObject({ id, kind, groups });
  });

  it('are asked about at most once a minute', async () => {
    await Promise.all([people.describe('U_ANA'), people.describe('U_ANA'), people.describe('U_BEN')]);
    now += 59_999;
    await people.describe('U_ANA');
    expect([calls('users.info'), calls('usergroups.users.list')]).toEqual([2, 1]);
    now += 1;
    await people.describe('U_ANA');
    expect([calls('users.info'), calls('usergroups.users.list')]).toEqual([3, 2]);
  });

  it('a failure is not remembered', async () => {
    slack.current.faults.failNext('users.info');
    await expect(people.describe('U_ANA')).rejects.toThrow('Slack could not say who U_ANA is');
    expect(await people.describe('U_ANA')).toMatchObject({ kind: 'member' });
  });

  it('whose groups cannot be read are described without them', async () => {
    slack.current.faults.failNext('usergroups.users.list');
    expect(await people.describe('U_ANA')).toMatchObject({ kind: 'member', groups: undefined });
    expect(await people.describe('U_ANA')).toMatchObject({ groups: ['S_ONCALL'] });
  });

  it('nobody is somebody', async () => {
    await expect(people.describe('U_NOBODY')).rejects.toThrow('user_not_found');
  });
});
