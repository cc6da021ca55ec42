import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure, run } from '../measured.mjs';
import { outcomeOf } from '../outcome.mjs';
import { putBundle } from './agentFiles.mjs';
import { ownMac } from './ownMac.mjs';

/** @import { Place, Outcome } from '../place.mjs' */
/** @import { Work } from '../work.mjs' */

/**
 * Floods of SYNs: what a tool can send and take without conversations. `to` is the service, or an address that answers nothing.
 * @typedef {(place: Place, work: Work, to: string) => Promise<Outcome>} Flood
 */

/**
 * hping3, a packet a call.
 * @type {Flood}
 */
export async function hping3(place, { floodSeconds }, to) {
  const flood = ['--quiet', '--syn', '--flood', '--destport', String(place.target.port), to];
  const { measured, output } = await measure(place, [
    ...['timeout', '--signal', 'INT', String(floodSeconds)],
    ...(await place.program('hping3')),
    ...flood,
  ]);
  const sent = /(\d+) packets transmitted/.exec(output)?.[1];
  if (sent === undefined) throw new Error(`hping3 said nothing of its packets:\n${output}`);
  // In a flood it does not look at answers.
  return outcomeOf('hping3 --flood', kindOf(place, to), measured, { sent: Number(sent), received: 0 });
}

/**
 * The npm package `raw-socket`, a packet a call. Installed, and compiled, in the scratch folder.
 * @type {Flood}
 */
export async function rawSocket(place, { floodSeconds, scratch }, to) {
  const folder = path.join(scratch, 'raw-socket');
  await mkdir(folder, { recursive: true });
  await run([
    ...['npm', 'install', '--silent', '--no-audit', '--no-fund', '--prefix', folder],
    'raw-socket@1.8.1',
  ]);
  const script = await place.put(fileURLToPath(new URL('rawSocketFlood.mjs', import.meta.url)));
  const { port, address } = place.target;
  const argv = [script, await place.put(folder), to, port, address, floodSeconds];
  // The package was compiled for this machine's Node.
  const node = await place.program('node');
  const { measured, output } = await measure(place, [...node, ...argv.map(String)]);
  return outcomeOf('raw-socket', kindOf(place, to), measured, countsIn(output));
}

/**
 * The agent's own sockets and frames, many packets a call.
 * @type {Flood}
 */
export async function agentFlood(place, { floodSeconds, scratch }, to) {
  const script = await putBundle(place, scratch, 'bench/flood');
  const { device, silent, firstSource, port } = place.target;
  const mac = to === silent.address ? silent.mac : place.target.nextHopMac;
  const own = await ownMac(place);
  const argv = [script, device, own, mac, firstSource, to, port, floodSeconds];
  const { measured, output } = await measure(place, ['node', ...argv.map(String)]);
  return outcomeOf("the agent's sockets", kindOf(place, to), measured, countsIn(output));
}

/** @param {Place} place @param {string} to @returns {Outcome['kind']} */
function kindOf({ target }, to) {
  return to === target.silent.address ? 'SYNs, dropped' : 'SYNs, answered';
}

/** @param {string} output @returns {{ sent: number, received: number, seconds: number }} */
function countsIn(output) {
  const line = output.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(`the flood said nothing of its packets:\n${output}`);
  const { sent, received, seconds } = /** @type {{ sent: number, received: number, seconds: number }} */ (
    JSON.parse(line)
  );
  return { sent, received, seconds };
}
