/** Randomness as a dependency. */
export interface Identifiers {
  /** An unguessable id of lower-case letters and digits, `length` characters long. */
  next(length: number): string;
}
