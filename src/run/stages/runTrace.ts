import type { TraceRecord } from '../../evidence/model/trace.js';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../support/errors.js';
import { waitAtMost } from '../../support/wait.js';
import { nodeNamed, type PlannedLab } from '../lab/plannedLab.js';
import { PacketTrace } from '../recording/packetTrace.js';
import { writeJson } from '../../support/files/writeJson.js';

const endSeconds = 60;
/** Seconds that the load may take beyond the agent's own time limit. */
const graceSeconds = 30;
/** Seconds within which a lost segment is sent again. */
const repeatSeconds = 4;
/** The most bytes of one node's trace. A few connections that close come to a tenth of that, even through hundreds of chains. */
const mostBytes = 8_000_000;

/**
 * Makes a few more connections while these nodes trace what their rules do with each packet, and writes that to `<directory>/trace/`. It is
 * no measurement: the verdict is known already, and the trace names the rule behind it. So problems are recorded and are no errors.
 */
export async function runTrace(lab: PlannedLab, names: readonly string[], directory: string): Promise<void> {
  const into = path.join(directory, 'trace');
  await mkdir(into);
  const problems: string[] = [];
  const note = (error: unknown): undefined => {
    problems.push(messageOf(error));
  };
  const traces: PacketTrace[] = [];
  let turnedAway = false;
  await Promise.all(
    names.map(async (name) => {
      const planned = nodeNamed(lab, name);
      const trace = await PacketTrace.start({
        what: `${name}'s trace`,
        start: () => planned.node.start(planned.plan.trace.argv, { stdin: true }),
        pace: planned.node.pace,
        file: path.join(into, `${name}.trace`),
        mostBytes,
        endSeconds,
        onOutput: (chunk) => {
          turnedAway ||= /\(verdict drop\)|policy drop/.test(chunk.toString('latin1'));
        },
      });
      traces.push(trace);
      await trace.listens().catch(note);
    }),
  );
  await lab.agent.drive(lab.plan.trace.drive, 2 * lab.plan.trace.seconds + graceSeconds).catch(note);
  const decided = (): true | undefined => (turnedAway ? true : undefined);
  await waitAtMost('a rule to turn a packet away', decided, { seconds: repeatSeconds, everyMs: 50 });
  await Promise.all(traces.map((trace) => trace.end().catch(note)));
  const about: TraceRecord = { connections: lab.plan.trace.connections, nodes: names, problems };
  await writeJson(path.join(into, 'trace.json'), about);
}
