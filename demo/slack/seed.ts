export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly title: string;
  readonly teamId: string;
  readonly avatarColor: string;
  readonly isBot?: boolean;
  readonly isAdmin?: boolean;
  /** A guest of one or several channels. */
  readonly isRestricted?: boolean;
  /** Someone of another workspace, met through a shared channel. */
  readonly isStranger?: boolean;
  readonly deleted?: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly members: readonly string[];
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
  /** The person on the other side of a direct message with the app. */
  readonly directWith?: string;
}

export interface Usergroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

export interface Seed {
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly usergroups: readonly Usergroup[];
}

export const team = { id: 'T0LOCAL', name: 'Acme Shop', domain: 'acme-shop' } as const;
const otherTeamId = 'T0OTHER';
export const app = { id: 'A0LIFEGUARD', botId: 'B0LIFEGUARD', userId: 'U_BOT' } as const;

const people = ['U_ANA', 'U_BEN', 'U_CHI'] as const;
const everyone = [...people, 'U_EVE', 'U_GUS'] as const;

export const acmeShop: Seed = {
  users: [
    person({ id: 'U_ANA', name: 'ana', realName: 'Ana Ruiz', title: 'SRE on call', avatarColor: '#2b8a6f' }),
    person({ id: 'U_BEN', name: 'ben', realName: 'Ben Okafor', title: 'Developer', avatarColor: '#b4582a' }),
    person({
      id: 'U_CHI',
      name: 'chi',
      realName: 'Chi Nguyen',
      title: 'SRE lead',
      avatarColor: '#4a5fc1',
      isAdmin: true,
    }),
    person({
      id: 'U_EVE',
      name: 'eve',
      realName: 'Eve Martin',
      title: 'Partner at another company',
      teamId: otherTeamId,
      avatarColor: '#a03a72',
      isStranger: true,
    }),
    person({
      id: 'U_GUS',
      name: 'gus',
      realName: 'Gus Weber',
      title: 'Contractor (guest)',
      avatarColor: '#7a6a1f',
      isRestricted: true,
    }),
    person({
      id: app.userId,
      name: 'lifeguard',
      realName: 'Lifeguard',
      title: 'Kubernetes bot',
      avatarColor: '#d6455d',
      isBot: true,
    }),
  ],
  channels: [
    { id: 'C_OPS', name: 'ops-alerts', topic: 'Incidents of the Acme Shop', members: [...everyone, app.userId] },
    { id: 'C_GENERAL', name: 'general', topic: 'Company-wide', members: [...people, 'U_GUS', app.userId] },
    { id: 'C_RANDOM', name: 'random', topic: 'The app is not in here', members: people },
    { id: 'C_OLD', name: 'old-incidents', topic: 'Archived', members: [...people, app.userId], isArchived: true },
  ],
  usergroups: [{ id: 'S_ONCALL', handle: 'oncall', name: 'SRE on call', users: ['U_ANA', 'U_CHI'] }],
};

function person(fields: Omit<User, 'teamId'> & { readonly teamId?: string }): User {
  return { teamId: team.id, ...fields };
}
