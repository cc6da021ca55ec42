/** What is wrong with the evidence itself, one sentence for each problem that the reader noted. */
export function evidenceDoubts(problems: readonly string[]): string[] {
  return problems.map((problem) => `Evidence is missing, changed or unreadable: ${problem}`);
}
