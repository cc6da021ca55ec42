import { spawnSync } from 'node:child_process';

/** How each program says which version it is. */
const versionCommands = {
  nginx: ['nginx', '-v'],
  wrk: ['wrk', '-v'],
  ab: ['ab', '-V'],
  hping3: ['hping3', '--version'],
  gcc: ['gcc', '-dumpfullversion'],
} as const;

/** The versions of the programs that are compared; `missing` for one that is not installed. */
export function toolVersions(): Record<string, string> {
  const versions = Object.entries(versionCommands).map(([name, [program, ...argv]]) => {
    const { stdout, stderr } = spawnSync(program, argv, { encoding: 'utf8' });
    return [name, versionIn(`${stdout}${stderr}`) ?? 'missing'] as const;
  });
  return Object.fromEntries(versions);
}

/** The first version number in what a program prints; undefined: there is none. */
export function versionIn(text: string): string | undefined {
  return /\d+\.[\w.-]+/.exec(text)?.[0];
}
