import { randomInt } from 'node:crypto';
import type { Identifiers } from '../../core/ports/identifiers.ts';

/** Lower-case letters and digits that nobody mistakes for another: no 0, o, 1, i, l. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';

export const randomIdentifiers: Identifiers = {
  next: (length) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join(''),
};
