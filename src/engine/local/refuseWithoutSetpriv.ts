import { LabError } from '../../support/errors.js';
import { programFile } from '../../support/programFile.js';
import { installCommand } from '../debian/install.js';

/**
 * Throws LabError where `setpriv` is not installed, which a local engine's labs need too: processes that share a run's work end with it,
 * also when it is killed.
 */
export function refuseWithoutSetpriv(searchPath: string = process.env['PATH'] ?? ''): void {
  if (programFile('setpriv', searchPath) !== undefined) return;
  throw new LabError(
    '`setpriv` is not installed, by which what lvs-lab starts ends with it, also when it is killed',
    { hint: `on Debian or Ubuntu type: ${installCommand(['util-linux'])}` },
  );
}
