import { execFileSync, spawnSync } from 'node:child_process';
import type { ProbedRules } from '../../src/contracts/agents/probeOrder.js';

const loaders: Readonly<Record<ProbedRules['texts'][number]['tool'], readonly string[]>> = {
  ipset: ['ipset', 'restore'],
  iptables: ['iptables-restore'],
  ip6tables: ['ip6tables-restore'],
  nft: ['nft', '-f', '-'],
};

/** Every chain without a rule, for an iptables that keeps them elsewhere than nft does. */
const emptied = `
*raw
:PREROUTING ACCEPT
:OUTPUT ACCEPT
COMMIT
*mangle
:PREROUTING ACCEPT
:INPUT ACCEPT
:FORWARD ACCEPT
:OUTPUT ACCEPT
:POSTROUTING ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT
:INPUT ACCEPT
:OUTPUT ACCEPT
:POSTROUTING ACCEPT
COMMIT
*filter
:INPUT ACCEPT
:FORWARD ACCEPT
:OUTPUT ACCEPT
COMMIT
`;

let isLegacy: boolean | undefined;
let hadSets = false;

/** Takes away all rules of the namespace. */
export function emptyRules(): void {
  execFileSync('nft', ['flush', 'ruleset']);
  if (isLegacy === undefined) {
    const { error, stdout } = spawnSync('iptables', ['--version'], { encoding: 'utf8' });
    isLegacy = error === undefined && stdout.includes('legacy');
  }
  if (isLegacy)
    for (const program of ['iptables-restore', 'ip6tables-restore']) spawnSync(program, { input: emptied });
  if (hadSets) spawnSync('ipset', ['destroy']);
}

/** Loads a text of rules as it is; what is returned is why it is not taken. */
export function loadRules({ tool, text }: ProbedRules['texts'][number]): string | undefined {
  const [program = '', ...args] = loaders[tool];
  if (tool === 'ipset') hadSets = true;
  const { status, stderr, error } = spawnSync(program, args, { input: text, encoding: 'utf8' });
  if (status === 0) return undefined;
  return error === undefined ? `${program}: ${stderr}` : `${program} cannot be run: ${error.message}`;
}
