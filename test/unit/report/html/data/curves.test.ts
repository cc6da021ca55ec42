import { describe, expect, it } from 'vitest';
import { ipvsCurves, loadCurves, socketCurves } from '../../../../../src/report/html/data/curves.js';
import { measured } from '../recorded.js';

describe('curves of a phase', () => {
  it('count the sockets of the load by state, and come to what the verdict says of the end', async () => {
    const { phase, finding } = await measured('close-server-first');
    const curves = socketCurves(phase);
    const ends = Object.fromEntries(curves.map(({ node, moments }) => [node, moments.at(-1)?.values]));
    // That run was recorded in a lab that remembered its control run.
    expect(ends).toMatchObject(finding.numbers.sockets);
    expect(curves.find(({ node }) => node === 'client')?.names).toContain('LAST-ACK');
    // Before the load began there was none of its own.
    for (const { moments } of curves)
      expect(Object.keys(moments[0]?.values ?? {})).not.toContain('FIN-WAIT-2');
  });

  it('have the IPVS entries that were there at the end', async () => {
    const { phase, finding } = await measured('close-server-first');
    const [curves] = ipvsCurves(phase);
    expect(curves?.moments.at(-1)?.values).toMatchObject(finding.numbers.ipvs);
    expect(curves?.moments.every(({ time }) => Number.isFinite(time))).toBe(true);
  });

  it('leave out sockets of anything but the service', async () => {
    const { phase } = await measured('close-server-first');
    const nodes = phase.nodes.map((node) => ({
      ...node,
      samples: node.samples.map((sample) => ({
        ...sample,
        sockets: sample.sockets.map((socket) => ({ ...socket, localPort: 22, peerPort: 22 })),
      })),
    }));
    expect(socketCurves({ ...phase, nodes })).toEqual([]);
    expect(socketCurves(phase)).not.toEqual([]);
  });

  it('have of a raw-socket load what it did a second, what it holds, and how long a connect took', async () => {
    const { phase } = await measured('flows');
    const load = loadCurves(phase);
    const opened = load?.rates.moments.reduce((sum, { time, values }, index, all) => {
      const before = all[index - 1]?.time ?? 0;
      return sum + (values['opened'] ?? 0) * (time - before);
    }, 0);
    expect(opened).toBeCloseTo(phase.flows?.seconds.at(-1)?.opened ?? NaN, 3);
    expect(load?.held.names).toContain('stuck');
    expect(load?.connect.names).toEqual(['p50', 'p90', 'p99']);
    expect(loadCurves({ ...phase, flows: undefined })).toBeUndefined();
    expect(socketCurves(phase).filter(({ of }) => of === 'flows').length).toBeGreaterThan(0);
  });
});
