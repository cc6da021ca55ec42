import type { OutlineProblem } from './rulesText.js';

/**
 * Each `include` of an nft text: no node has the file, and where the name has a wildcard nft takes none for nothing to include, so that the rules would
 * not be there and nobody be told.
 */
export function includeProblems(text: string): readonly OutlineProblem[] {
  return text.split('\n').flatMap((line, index) => {
    const statement = /(?:^|;)\s*(include\s+["'][^"']*["']?)/.exec(line.replace(/^\s*#.*/, ''))?.[1];
    if (statement === undefined) return [];
    const message = `expected all rules in this text, found \`${statement}\`, a file that no node has; put what is in it here, or take what \`nft list ruleset\` prints on the host`;
    return [{ message, line: index + 1 }];
  });
}
