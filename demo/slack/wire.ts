/** An object on its way out as JSON; entries that are undefined are left out. */
export type Wire = Readonly<Record<string, unknown>>;
