import { join } from 'node:path';
import {
  type ProbeAnswer,
  probeAnswerSchema,
  type ProbedRules,
  type ProbeOrder,
} from '../contracts/agents/probeOrder.js';
import { hostCommand } from '../support/exec.js';
import { packageRoot } from '../support/packageRoot.js';

/** Seconds for rules to be loaded and packets to be sent, each, on a machine that is busy. */
const secondsEach = 30;

/** What runs in the namespace, for Node. */
const built: readonly string[] = [join(packageRoot, 'dist/lab/namespace.cjs')];

/** How packets are sent. */
export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Arguments of Node for the program that runs in the namespace; undefined: the built one. */
  readonly program?: readonly string[];
}

/**
 * Sends probes through rules, in a throw-away network namespace of this machine's kernel, and says for each which got as far as IPVS would take
 * them. Rejects with LabError when no such namespace can be made: that takes root or user namespaces, and for the rules iptables, nft and
 * iproute2.
 */
export async function sendThrough(
  order: ProbeOrder,
  rules: readonly ProbedRules[],
  { signal, program = built }: SendOptions = {},
): Promise<readonly ProbeAnswer[]> {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const argv = ['unshare', ...user, '--net', process.execPath, ...program];
  const printed = await hostCommand(argv, {
    purpose: 'send packets through the rules in a network namespace',
    seconds: secondsEach * (rules.length + 1),
    cwd: packageRoot,
    input: [order, ...rules].map((one) => JSON.stringify(one)).join('\n'),
    signal,
  });
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => probeAnswerSchema.parse(JSON.parse(line)));
}
