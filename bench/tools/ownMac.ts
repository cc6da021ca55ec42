import { hostCommand } from '../../src/support/exec.js';
import type { ClientPlace } from '../places/clientPlace.js';

/** The MAC address of the client's interface. */
export async function ownMac({ enter, target }: ClientPlace): Promise<string> {
  const argv = enter(['cat', `/sys/class/net/${target.device}/address`]);
  return (await hostCommand(argv, { purpose: "read the client's MAC address", seconds: 60 })).trim();
}
