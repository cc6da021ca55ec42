import { run } from '../measured.mjs';

/** @import { Place } from '../place.mjs' */

/** The MAC address of the client's interface. @param {Place} place */
export async function ownMac({ enter, target }) {
  return (await run(enter(['cat', `/sys/class/net/${target.device}/address`]))).trim();
}
