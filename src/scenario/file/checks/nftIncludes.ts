import type { OutlineProblem } from './rulesText.js';

/**
 * Finds each `include` of an nft text. No node has the included file, and a name with a wildcard that matches no file is no error to nft: the
 * rules would be missing, and nobody would be told.
 */
export function includeProblems(text: string): readonly OutlineProblem[] {
  return text.split('\n').flatMap((line, index) => {
    const statement = /(?:^|;)\s*(include\s+["'][^"']*["']?)/.exec(line.replace(/^\s*#.*/, ''))?.[1];
    if (statement === undefined) return [];
    const message = `expected all rules in this text, found \`${statement}\`, a file that no node has; put what is in it here, or take what \`nft list ruleset\` prints on the host`;
    return [{ message, line: index + 1 }];
  });
}
