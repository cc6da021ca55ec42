import { installCommand, installPackages } from '../../src/engine/debian/install.js';
import { LabError } from '../../src/support/errors.js';
import { programFile } from '../../src/support/programFile.js';

/** Programs with which tests load rules, and the Debian packages that have them. */
const packages = {
  'iptables-restore': 'iptables',
  'ip6tables-restore': 'iptables',
  nft: 'nftables',
  ip: 'iproute2',
  unshare: 'util-linux',
  patch: 'patch',
} as const;

type Program = keyof typeof packages;
const programs = Object.keys(packages) as readonly Program[];

/** The files of all these programs. Throws LabError with the command that installs those that are not there. */
export function ruleTools(searchPath: string): readonly string[] {
  const missing = missingIn(searchPath);
  if (missing.length === 0) return programs.map((program) => programFile(program, searchPath) ?? program);
  throw new LabError(`programs are missing with which tests load rules: ${missing.join(', ')}`, {
    hint: `on Debian type: ${installCommand(missing.map((program) => packages[program]))}`,
  });
}

/** Installs Debian's packages of those that are not there. Rejects with the command to type when that cannot be done. */
export async function installRuleTools(searchPath: string): Promise<void> {
  const missing = missingIn(searchPath);
  if (missing.length === 0) return;
  await installPackages(
    missing.map((program) => packages[program]),
    new AbortController().signal,
  );
}

function missingIn(searchPath: string): readonly Program[] {
  return programs.filter((program) => programFile(program, searchPath) === undefined);
}
