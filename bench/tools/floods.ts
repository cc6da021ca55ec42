import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { LabError } from '../../src/support/errors.js';
import { hostCommand } from '../../src/support/exec.js';
import { type ToolOutcome, toolOutcomeOf } from '../outcomes/toolOutcome.js';
import { measure } from '../places/measure.js';
import type { ClientPlace } from '../places/clientPlace.js';
import { putAgentBundle, putBundle } from './bundle.js';
import { jsonLine } from './jsonLine.js';
import { ownMac } from './ownMac.js';
import type { Work } from './work.js';

/** Floods of SYNs: what a tool can send and take without conversations. `to` is the service, or an address that answers nothing. */
export type Flood = (place: ClientPlace, work: Work, to: string) => Promise<ToolOutcome>;

/** What the programs in ../floods print. */
const countsSchema = z.object({ sent: z.number(), received: z.number(), seconds: z.number() });

/** hping3, a packet a call. */
export const hping3: Flood = async (place, { floodSeconds }, to) => {
  const flood = ['--quiet', '--syn', '--flood', '--destport', String(place.target.port), to];
  const { measured, output } = await measure(place, [
    ...['timeout', '--signal', 'INT', String(floodSeconds)],
    ...(await place.program('hping3')),
    ...flood,
  ]);
  const sent = /(\d+) packets transmitted/.exec(output)?.[1];
  if (sent === undefined) throw new LabError('hping3 said nothing of its packets', { details: output });
  // In a flood it does not look at answers.
  return toolOutcomeOf('hping3 --flood', kindOf(place, to), measured, { sent: Number(sent), received: 0 });
};

/** The npm package `raw-socket`, a packet a call. Installed, and compiled, in the scratch folder. */
export const rawSocket: Flood = async (place, { floodSeconds, scratch }, to) => {
  const folder = path.join(scratch, 'raw-socket');
  await mkdir(folder, { recursive: true });
  const npm = ['npm', 'install', '--silent', '--no-audit', '--no-fund', '--prefix', folder];
  await hostCommand([...npm, 'raw-socket@1.8.1'], { purpose: 'install raw-socket', seconds: 300 });
  const script = await putBundle(place, scratch, 'bench/floods/rawSocket');
  const { port, address } = place.target;
  const argv = [script, await place.put(folder), to, port, address, floodSeconds];
  // The package was compiled for this machine's Node.
  const node = await place.program('node');
  const { measured, output } = await measure(place, [...node, ...argv.map(String)]);
  return toolOutcomeOf('raw-socket', kindOf(place, to), measured, countsIn(output));
};

/** The agent's own sockets and frames, many packets a call. */
export const agentFlood: Flood = async (place, { floodSeconds, scratch }, to) => {
  const script = await putAgentBundle(place, scratch, 'bench/floods/agentSockets');
  const { device, silent, firstSource, port } = place.target;
  const mac = to === silent.address ? silent.mac : place.target.nextHopMac;
  const own = await ownMac(place);
  const argv = [script, device, own, mac, firstSource, to, port, floodSeconds];
  const { measured, output } = await measure(place, ['node', ...argv.map(String)]);
  return toolOutcomeOf("the agent's sockets", kindOf(place, to), measured, countsIn(output));
};

function kindOf({ target }: ClientPlace, to: string): ToolOutcome['kind'] {
  return to === target.silent.address ? 'SYNs, dropped' : 'SYNs, answered';
}

function countsIn(output: string): z.infer<typeof countsSchema> {
  return jsonLine(countsSchema, output, 'the flood');
}
