import { findCures } from '../../../src/cure/findCures.js';
import type { Cures } from '../../../src/cure/model/cure.js';
import type { SourceFile } from '../../../src/site/model/sourceFile.js';

/** The cures of a site's files. */
export function curesOf(files: readonly SourceFile[], clientSide?: string): Cures | undefined {
  return findCures(files, {
    services: [],
    forwarding: undefined,
    clientSide,
    serverSide: undefined,
    clients: [],
  });
}
