/** Purposes of a flow's random numbers beside the first sequence number. A reopened connection uses the number of its step. */
const firstOpening = 0;
const choice = 256;

/** Initial sequence number of a flow's first connection. */
export function firstSequence(seed: number, flow: number): number {
  return randomOf(seed, flow, firstOpening);
}

/** The random number of the connection that the flow reopens at this step. */
export function laterRandom(seed: number, flow: number, step: number): number {
  return randomOf(seed, flow, step);
}

/** A number from 0 to below 2^32 that decides which conversation of the mix the flow has. */
export function choiceOf(seed: number, flow: number): number {
  return randomOf(seed, flow, choice) >>> 0;
}

/** A signed 32-bit number that depends only on the three numbers given. So what a flow sends does not depend on when the others send. */
function randomOf(seed: number, flow: number, purpose: number): number {
  const seeded = scramble(seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x27d4eb2f));
  return scramble(scramble(seeded ^ Math.imul(flow + 1, 0x9e3779b1)) + Math.imul(purpose + 1, 0x85ebca6b));
}

/** The end of MurmurHash3: each bit of the input changes half of the output's. */
function scramble(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
