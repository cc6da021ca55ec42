import { describe, expect, it } from 'vitest';
import { nodeOf, planOf, setupOf, shapeOf } from '../planning.js';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';
import { unmatchedOf } from '../unmatched/found.js';

const named = 'topology: { devices: { director: bond0.100, realserver: ens3, realserver2: eno1 } }\n';

describe('interfaces that are called as a site has them', () => {
  it('have those names in everything that a node is set up, captured and sampled with', async () => {
    const plan = await planOf(
      named.replace('{ devices', '{ directors: 2, sync: true, links: { director: { delay: 1ms } }, devices'),
    );
    const director = [...setupOf(plan, 'director'), ...(nodeOf(plan, 'director').capture?.argv ?? [])].join(
      '\n',
    );
    expect(director).not.toContain('eth0');
    expect(director).toContain('dev bond0.100');
    expect(director).toContain('--mcast-interface bond0.100');
    expect(director).toContain('-i\nbond0.100');
    expect(nodeOf(plan, 'director').devices).toEqual(['bond0.100']);
    expect(nodeOf(plan, 'director2').devices).toEqual(['bond0.100']);
  });

  it('are of a role, or of one node of it', async () => {
    const plan = await planOf(named);
    expect(nodeOf(plan, 'realserver1').devices).toEqual(['ens3']);
    expect(nodeOf(plan, 'realserver2').devices).toEqual(['eno1']);
    // Whoever is called as the engine calls it has nothing to be renamed.
    expect(nodeOf(plan, 'client')).not.toHaveProperty('devices');
    expect(nodeOf(await planOf(), 'director')).not.toHaveProperty('devices');
  });

  it('have a lab of their own, as they are called so from its beginning', async () => {
    const shapes = await Promise.all(
      [named, ''].map(async (text) => shapeOf(await scenarioOf(minimal + text)).key),
    );
    expect(shapes[0]).toContain('director with bond0.100');
    expect(shapes[1]).not.toContain('with bond0');
  });

  it('have a slash for a dot in the sysctls of the set-up', async () => {
    const lines = 'topology: { network: routed, replies: director, devices: { director: bond0.100 } }\n';
    expect(setupOf(await planOf(lines), 'director').join('\n')).toContain(
      'net.ipv4.conf.bond0/100.rp_filter=0',
    );
  });

  it('are two on a router', async () => {
    const plan = await planOf('topology: { network: routed, devices: { router: [wan0, lan0] } }\n');
    expect(nodeOf(plan, 'router').devices).toEqual(['wan0', 'lan0']);
    expect(nodeOf(plan, 'router').capture?.argv).toContain('lan0');
  });

  it('are those that rules and sysctls may name, and eth0 is none any more', async () => {
    const rules = (name: string) =>
      `director: { rules: "*filter\\n-A INPUT -i ${name} -j DROP\\nCOMMIT\\n" }\n`;
    expect(await unmatchedOf(named + rules('bond0.100'))).toEqual([]);
    expect(await unmatchedOf(named + rules('bond+'))).toEqual([]);
    expect(await unmatchedOf(named + rules('eth0'))).toEqual(['! interface eth0']);
    expect(
      await unmatchedOf(`${named}director: { sysctls: { net.ipv4.conf.bond0/100.rp_filter: 1 } }\n`),
    ).toEqual([]);
  });

  it.each([
    [
      '{ direktor: bond0 }',
      'FILE:7:24: expected a node of this topology (client, director, realserver1, realserver2, realserver), found `direktor`; did you mean `director`?',
    ],
    [
      '{ director: a-name-that-is-too-long }',
      'expected the name of an interface such as `bond0` or `bond0.100`',
    ],
    ['{ director: lo }', 'found the text `lo`'],
    ['{ director: [bond0, bond1] }', 'expected one name, as director has one interface, found 2'],
  ])('%s is refused', async (devices, problem) => {
    const [found = ''] = await problemsOf(`${minimal}topology: { devices: ${devices} }\n`);
    expect(found).toContain(problem);
  });
});
