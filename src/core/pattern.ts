/** Whether a value is one of the names, or begins like one that ends with `*`; `*` alone matches everything. */
export function matches(patterns: readonly string[], value: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' || pattern === value || (pattern.endsWith('*') && value.startsWith(pattern.slice(0, -1))),
  );
}
