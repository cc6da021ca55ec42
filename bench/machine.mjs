import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** How each program says which version it is. */
const versionOf = {
  nginx: ['nginx', '-v'],
  wrk: ['wrk', '-v'],
  ab: ['ab', '-V'],
  hping3: ['hping3', '--version'],
  gcc: ['gcc', '-dumpfullversion'],
};

/** What the figures were measured on. */
export function machine() {
  const versions = Object.entries(versionOf).map(([name, [program = '', ...argv]]) => {
    const { stdout, stderr } = spawnSync(program, argv, { encoding: 'utf8' });
    return [name, /\d+\.[\w.-]+/.exec(`${stdout}${stderr}`)?.[0] ?? 'missing'];
  });
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    versions: /** @type {Record<string, string>} */ ({
      node: process.versions.node,
      ...Object.fromEntries(versions),
    }),
  };
}
