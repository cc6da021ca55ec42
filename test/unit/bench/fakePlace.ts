import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ClientPlace } from '../../../bench/places/clientPlace.js';

/** A place that is this machine, where each program is a script for sh of the folder, or is not there. */
export function fakePlace(folder: string, scripts: Readonly<Record<string, string>> = {}): ClientPlace {
  for (const [name, script] of Object.entries(scripts)) {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
  return {
    enter: (argv) => argv,
    put: (file) => Promise.resolve(file),
    program: (name) => Promise.resolve([path.join(folder, name)]),
    target: {
      vip: '198.18.1.9',
      port: 80,
      device: 'lo',
      address: '198.18.0.2',
      nextHop: '198.18.0.1',
      nextHopMac: '02:00:00:00:00:01',
      firstSource: '198.18.0.32',
      sources: 4,
      silent: { address: '198.18.0.9', mac: '02:00:00:00:00:09' },
      networks: ['198.18.0.0/24', '198.18.1.0/24'],
    },
  };
}
