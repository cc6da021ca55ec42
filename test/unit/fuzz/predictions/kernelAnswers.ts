import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { type Answer, answerSchema, type Case } from './probes.js';

const program = path.join(packageRoot, 'test/unit/fuzz/predictions/probeKernel.ts');

/**
 * Sends probes through the rules of cases, in a network namespace of this machine's kernel, and says for each which got in. Throws what is
 * missing: a namespace needs root or user namespaces, and the rules iptables, nft and iproute2.
 */
export function kernelAnswers(cases: readonly Case[]): readonly Answer[] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const argv = [...user, '--net', process.execPath, '--import', 'tsx', program];
  const { status, stdout, stderr, error } = spawnSync('unshare', argv, {
    cwd: packageRoot,
    input: cases.map((one) => JSON.stringify(one)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0)
    throw new Error(
      `expected a network namespace with iptables-restore, nft and ip, as root or in a user namespace: ${error?.message ?? stderr}`,
    );
  return stdout
    .trim()
    .split('\n')
    .map((line) => answerSchema.parse(JSON.parse(line)));
}
