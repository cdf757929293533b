import { appMethods } from './apps.ts';
import { chatMethods } from './chat.ts';
import type { Method } from './method.ts';

const all: readonly Method[] = [...appMethods, ...chatMethods];
const byName = new Map(all.map((method) => [method.name, method]));

export function findMethod(name: string): Method | undefined {
  return byName.get(name);
}
