import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { LabError } from '../../../support/errors.js';
import { parseJson } from '../../../support/parseJson.js';
import { packageSchema } from '../../../support/version.js';

/** For each architecture that Docker names, koffi's name. The agent's structures fit 64-bit little-endian Linux only. */
const architectures: Readonly<Record<string, string>> = { x86_64: 'x64', aarch64: 'arm64' };

/**
 * Absolute path of koffi's binary for glibc on this architecture. npm only installs the one for the machine that lvs-lab runs on. Throws
 * LabError with the command that installs another.
 */
export function koffiBinary(architecture: string): string {
  const name = architectures[architecture];
  if (name === undefined) {
    throw new LabError(`raw-socket load cannot run on an engine whose architecture is ${architecture}`, {
      hint: `use an engine on ${Object.keys(architectures).join(', ')}, or leave out scenarios with \`flows\``,
    });
  }
  const require = createRequire(import.meta.url);
  const koffi = require.resolve('koffi');
  const binaries = `@koromix/koffi-linux-${name}`;
  try {
    const manifest = createRequire(koffi).resolve(`${binaries}/package.json`);
    return path.join(path.dirname(manifest), `linux_${name}`, 'koffi.node');
  } catch (cause) {
    const about = readFileSync(path.join(path.dirname(koffi), 'package.json'), 'utf8');
    const { version } = parseJson(packageSchema, about);
    throw new LabError(`raw-socket load on an engine of ${architecture} needs the npm package ${binaries}`, {
      hint: `install it where lvs-lab is installed: npm install --no-save --force ${binaries}@${version}`,
      cause,
    });
  }
}
