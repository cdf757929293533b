/** `0.25 cores`, `1 core`. */
export function formatCores(cores: number): string {
  const text = String(Number(cores.toFixed(3)));
  return text === '1' ? '1 core' : `${text} cores`;
}
