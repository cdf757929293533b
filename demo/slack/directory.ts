import { app, type Channel, type Seed, type User, type Usergroup } from './seed.ts';

/** Who and where: people, channels, groups and one direct message of the app with each person. */
export class Directory {
  readonly #users: Map<string, User>;
  readonly #channels: Map<string, Channel>;
  readonly usergroups: readonly Usergroup[];

  constructor(seed: Seed) {
    this.#users = new Map(seed.users.map((user) => [user.id, user]));
    this.#channels = new Map(seed.channels.map((channel) => [channel.id, channel]));
    this.usergroups = seed.usergroups;
    for (const user of seed.users) if (user.isBot !== true) this.#addDirectMessage(user);
  }

  get users(): readonly User[] {
    return [...this.#users.values()];
  }

  get channels(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  user(id: string): User | undefined {
    return this.#users.get(id);
  }

  channel(id: string): Channel | undefined {
    return this.#channels.get(id);
  }

  /** By id, by #name, or by user id for a direct message, as chat.postMessage takes it. */
  findChannel(reference: string): Channel | undefined {
    const name = reference.replace(/^#/, '');
    return (
      this.#channels.get(reference) ??
      this.channels.find((channel) => channel.directWith === reference) ??
      this.channels.find((channel) => channel.directWith === undefined && channel.name === name)
    );
  }

  isBotIn(channel: Channel): boolean {
    return channel.members.includes(app.userId);
  }

  join(channelId: string, userId: string): void {
    const channel = this.#channels.get(channelId);
    if (channel === undefined || channel.members.includes(userId)) return;
    this.#channels.set(channelId, { ...channel, members: [...channel.members, userId] });
  }

  /** `<@U_ANA>`, `<#C_OPS>` and `<!subteam^S>` as people see them. */
  readMentions(text: string): string {
    return text
      .replace(/<@([A-Z0-9_]+)(?:\|[^>]*)?>/g, (whole, id: string) => this.#mention(whole, id))
      .replace(/<#([A-Z0-9_]+)(?:\|[^>]*)?>/g, (whole, id: string) => `#${this.channel(id)?.name ?? whole}`)
      .replace(/<!subteam\^([A-Z0-9_]+)(?:\|[^>]*)?>/g, (whole, id: string) => {
        return `@${this.usergroups.find((group) => group.id === id)?.handle ?? whole}`;
      });
  }

  #mention(whole: string, id: string): string {
    const user = this.user(id);
    return user === undefined ? whole : `@${user.realName}`;
  }

  #addDirectMessage(user: User): void {
    const id = user.id.replace(/^U/, 'D');
    this.#channels.set(id, {
      id,
      name: 'Lifeguard',
      topic: '',
      members: [user.id, app.userId],
      directWith: user.id,
      isPrivate: true,
    });
  }
}
