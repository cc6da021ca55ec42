import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { koffiBinary } from '../../../../../src/engine/docker/nodes/koffiBinary.js';
import { nodeFiles, nodeFileSources } from '../../../../../src/engine/docker/nodes/nodeFiles.js';
import type { NodeShape } from '../../../../../src/scenario/model/planTypes.js';

const node = (over: Partial<NodeShape>): NodeShape => ({
  name: 'realserver1',
  role: 'realserver',
  container: 'lvs-lab-realserver1',
  interfaces: [],
  capabilities: [],
  environment: {},
  standing: [],
  ...over,
});
const names = (shape: NodeShape, architecture = 'x86_64') =>
  Object.keys(nodeFileSources(shape, architecture)).sort();
const scripts = [
  'announce.sh',
  'collect.sh',
  'devices/tunnel.sh',
  'empty-filter.sh',
  'known.sh',
  'load-rules.sh',
  'sampler.sh',
  'shell.sh',
  'tally.awk',
  'tcpdump.sh',
  'trace.sh',
  'versions.sh',
  'zero.sh',
];

const probes = ['probe.sh', 'server/probe-datagrams.pl'];

describe('nodeFiles', () => {
  it('gives every node its scripts, byte for byte', async () => {
    const files = await nodeFiles(node({}), 'x86_64');
    expect(files.map(({ target }) => target).sort()).toEqual([
      ...scripts.filter((name) => name !== 'tcpdump.sh').map((name) => `/lab/${name}`),
      '/usr/local/sbin/tcpdump',
    ]);
    const sampler = files.find(({ target }) => target === '/lab/sampler.sh');
    expect(sampler?.content.toString()).toMatch(/^#!/);
  });

  it('gives what renames interfaces to nodes whose interfaces have other names', async () => {
    const named = await nodeFiles(node({ devices: ['bond0'] }), 'x86_64');
    expect(named.map(({ target }) => target)).toContain('/lab/devices/rename.sh');
  });

  it('gives what adds interfaces to directors, and to nobody else', () => {
    const director = node({ role: 'director', name: 'director' });
    expect(names(director)).toEqual([...scripts, 'devices/add.sh'].sort());
    expect(names(node({}))).toEqual(scripts);
  });

  it('gives a server program to nodes that serve', () => {
    const found = names(node({ environment: { LVS_LAB_PORTS: '80' } }));
    expect(found).toEqual(expect.arrayContaining(['server/start.sh', 'server/datagrams.pl']));
    expect(found).toHaveLength(19);
  });

  it('gives the client its agent, and the raw load agent with its binary only where there are flows', () => {
    const client = node({ role: 'client', name: 'client' });
    expect(names(client)).toEqual(['agent.cjs', ...scripts, ...probes].sort());
    const flows = { ...client, environment: { LVS_LAB_FLOWS: '1' } };
    expect(names(flows)).toEqual(['agent.cjs', ...scripts, 'koffi.node', 'load.cjs', ...probes].sort());
  });

  it('needs nothing for an architecture without binary where there are no flows', () => {
    const client = node({ role: 'client', name: 'client' });
    expect(names(client, 's390x')).toContain('agent.cjs');
    expect(() => names({ ...client, environment: { LVS_LAB_FLOWS: '1' } }, 's390x')).toThrow(/s390x/);
  });
});

describe('koffiBinary', () => {
  it('finds the binary for the architecture of this machine', async () => {
    expect((await stat(koffiBinary('x86_64'))).size).toBeGreaterThan(100_000);
  });

  it('says what to install for another one', () => {
    expect(() => koffiBinary('aarch64')).toThrow(
      expect.objectContaining({
        message: 'raw-socket load on an engine of aarch64 needs the npm package @koromix/koffi-linux-arm64',
        hint: expect.stringMatching(
          /^install it where lvs-lab is installed: npm install --no-save --force @koromix\/koffi-linux-arm64@\d+\.\d+\.\d+$/,
        ) as string,
      }),
    );
  });

  it('says so where there is none', () => {
    expect(() => koffiBinary('s390x')).toThrow(/cannot run on an engine whose architecture is s390x/);
  });
});
