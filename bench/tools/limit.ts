import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { hostCommand } from '../../src/support/exec.js';
import { type ToolOutcome, toolOutcomeOf } from '../outcomes/toolOutcome.js';
import { measure } from '../places/measure.js';
import type { ClientPlace } from '../places/clientPlace.js';
import { jsonLine } from './jsonLine.js';
import type { Work } from './work.js';

const source = fileURLToPath(new URL('limit.c', import.meta.url));

/** What limit.c prints. */
const reportSchema = z.object({
  connections: z.number(),
  opened: z.number(),
  seconds: z.number(),
  sent: z.number(),
  received: z.number(),
});

/** The C program, built with gcc; statically, so that it runs in any container. */
export async function limit(
  place: ClientPlace,
  { connections, concurrency, scratch }: Work,
): Promise<ToolOutcome> {
  const binary = path.join(scratch, 'limit');
  const compiler = ['gcc', '-O2', '-static', '-o', binary, source];
  await hostCommand(compiler, { purpose: 'compile limit.c', seconds: 60 });
  const { device, nextHopMac, vip, port, firstSource, sources } = place.target;
  const argv = [device, nextHopMac, vip, port, firstSource, sources, connections, concurrency].map(String);
  const { measured, output } = await measure(place, [await place.put(binary), ...argv]);
  const { opened, ...report } = jsonLine(reportSchema, output, 'the C program');
  const incomplete = opened - report.connections;
  return toolOutcomeOf('C, sendmmsg and recvmmsg', 'conversations', measured, {
    ...report,
    remarks: incomplete > 0 ? [`${incomplete} not complete`] : [],
  });
}
