import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, readArray, readString } from '../../src/core/json.ts';
import type { Changes } from './changes.ts';

/** A modal or a home tab as stored: the app's definition plus what Slack adds. */
export interface View {
  readonly id: string;
  readonly hash: string;
  readonly userId: string;
  readonly type: 'modal' | 'home';
  readonly rootId: string;
  readonly previousId: string | undefined;
  readonly definition: JsonObject;
  readonly blocks: readonly JsonObject[];
  /** Messages under inputs, by block_id. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Each person's stack of modals and home tab. */
export class Views {
  readonly #stacks = new Map<string, readonly View[]>();
  readonly #homes = new Map<string, View>();
  readonly #changes: Changes;
  #last = 0;
  #lastHash = 0;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  stack(userId: string): readonly View[] {
    return this.#stacks.get(userId) ?? [];
  }

  top(userId: string): View | undefined {
    return this.stack(userId).at(-1);
  }

  home(userId: string): View | undefined {
    return this.#homes.get(userId);
  }

  find(id: string): View | undefined {
    return this.#all().find((view) => view.id === id);
  }

  findExternal(externalId: string): View | undefined {
    return this.#all().find((view) => readString(view.definition, 'external_id') === externalId);
  }

  open(userId: string, definition: JsonObject): View {
    const view = this.#make(userId, definition);
    this.#setStack(userId, [view]);
    return view;
  }

  push(userId: string, definition: JsonObject): View {
    const stack = this.stack(userId);
    const fresh = this.#make(userId, definition);
    const view = { ...fresh, rootId: stack[0]?.id ?? fresh.id, previousId: stack.at(-1)?.id };
    this.#setStack(userId, [...stack, view]);
    return view;
  }

  publish(userId: string, definition: JsonObject): View {
    const old = this.#homes.get(userId);
    const fresh = this.#make(userId, definition);
    const view = old === undefined ? fresh : { ...fresh, id: old.id, rootId: old.id };
    this.#homes.set(userId, view);
    this.#changes.changed();
    return view;
  }

  update(id: string, definition: JsonObject): View | undefined {
    const old = this.find(id);
    if (old === undefined) return undefined;
    const fresh = this.#make(old.userId, definition);
    const view: View = { ...fresh, id: old.id, rootId: old.rootId, previousId: old.previousId };
    this.#replace(view);
    return view;
  }

  showErrors(id: string, errors: Readonly<Record<string, string>>): void {
    const view = this.find(id);
    if (view !== undefined) this.#replace({ ...view, errors });
  }

  /** Takes a modal and all above it off the stack. */
  close(id: string): void {
    const view = this.find(id);
    if (view === undefined) return;
    const stack = this.stack(view.userId);
    this.#setStack(
      view.userId,
      stack.slice(
        0,
        Math.max(
          0,
          stack.findIndex((one) => one.id === id),
        ),
      ),
    );
  }

  clear(userId: string): void {
    this.#setStack(userId, []);
  }

  #all(): readonly View[] {
    return [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
  }

  #replace(view: View): void {
    if (view.type === 'home') this.#homes.set(view.userId, view);
    else
      this.#stacks.set(
        view.userId,
        this.stack(view.userId).map((one) => (one.id === view.id ? view : one)),
      );
    this.#changes.changed();
  }

  #setStack(userId: string, stack: readonly View[]): void {
    this.#stacks.set(userId, stack);
    this.#changes.changed();
  }

  #make(userId: string, definition: JsonObject): View {
    this.#last += 1;
    this.#lastHash += 1;
    const id = `V${String(this.#last).padStart(6, '0')}`;
    const digest = createHash('sha256').update(`${this.#lastHash}`).digest('hex').slice(0, 8);
    const blocks = readArray(definition, 'blocks').filter(isJsonObject);
    return {
      id,
      hash: `${this.#lastHash}.${digest}`,
      userId,
      type: definition['type'] === 'home' ? 'home' : 'modal',
      rootId: id,
      previousId: undefined,
      definition,
      blocks: blocks.map((block, index) => ({ block_id: `v${this.#last}-${index}`, ...block })),
      errors: {},
    };
  }
}
