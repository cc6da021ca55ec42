import { minimal, scenarioOf } from '../scenarioFile.js';

/** A role's section with a text under a key, indented as files have it. */
export function section(role: string, key: string, text: string, rest = ''): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n');
  return `${role}:\n  ${key}: |\n${lines.map((line) => `    ${line}`).join('\n')}\n${rest}`;
}

/** What of a scenario's lines the lab does not have, as `kind name`; a `!` says that it counts. */
export async function unmatchedOf(lines: string): Promise<readonly string[]> {
  const { unmatched } = await scenarioOf(minimal + lines);
  return unmatched.map(({ kind, name, counts }) => `${counts ? '! ' : ''}${kind} ${name}`);
}

/** A table of nftables with these lines in its chain on `input`. */
export const inputChain = (policy: 'accept' | 'drop', lines: readonly string[]): string =>
  [
    'table inet f {',
    '  chain in {',
    `    type filter hook input priority 0; policy ${policy};`,
    ...lines.map((line) => `    ${line}`),
    '  }',
    '}',
  ].join('\n');
