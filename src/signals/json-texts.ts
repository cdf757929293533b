export interface SplitJson {
  readonly values: readonly unknown[];
  /** Pieces that are no JSON. */
  readonly broken: number;
}

/** The values of a text that holds one array, one value in each line, or objects one right after the other. */
export function splitJson(text: string): SplitJson {
  const whole = parse(text);
  if (whole !== undefined) return { values: Array.isArray(whole.value) ? whole.value : [whole.value], broken: 0 };
  const pieces = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap(piecesOf);
  const parsed = pieces.map(parse).filter((one) => one !== undefined);
  return { values: parsed.map(({ value }) => value), broken: pieces.length - parsed.length };
}

/** One value, or objects with nothing between them. */
function piecesOf(line: string): readonly string[] {
  if (parse(line) !== undefined) return [line];
  const pieces: string[] = [];
  let [start, depth] = [0, 0];
  for (const { 0: sign, index } of line.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}]/g)) {
    if (sign === '{') depth += 1;
    if (sign !== '}') continue;
    depth -= 1;
    if (depth > 0) continue;
    pieces.push(line.slice(start, index + 1));
    [start, depth] = [index + 1, 0];
  }
  const rest = line.slice(start).trim();
  return rest === '' ? pieces : [...pieces, rest];
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
