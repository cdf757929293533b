/** A message as programs write it; where it names something, what the cause has to say of it. */
export type Sample = string | readonly [message: string, words: string];
