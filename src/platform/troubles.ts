/** Passes on each change of trouble once; what the listener throws stays here. */
export function reportChanges(onTrouble: (problem: string | undefined) => void): (problem: string | undefined) => void {
  let current: string | undefined;
  return function report(problem) {
    if (problem === current) return;
    current = problem;
    try {
      onTrouble(problem);
    } catch {
      // There is nobody left to tell.
    }
  };
}
