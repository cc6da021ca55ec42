import { hostCommand } from '../../src/support/exec.js';
import type { Place } from '../places/place.js';

/** The MAC address of the client's interface. */
export async function ownMac({ enter, target }: Place): Promise<string> {
  const argv = enter(['cat', `/sys/class/net/${target.device}/address`]);
  return (await hostCommand(argv, { purpose: "read the client's MAC address", seconds: 60 })).trim();
}
