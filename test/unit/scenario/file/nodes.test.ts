import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../../src/scenario/file/loadScenario.js';
import { isAboutFlavour, withIptables } from '../../../../src/scenario/library/withIptables.js';
import { triedSteps } from '../../../../src/scenario/plan/triedSteps.js';
import { nodeOf, planOf } from '../planning.js';
import { inFolder, minimal, problemsOf, scenarioOf } from '../scenarioFile.js';
import { unmatchedOf } from '../unmatched/found.js';

const drop = '"*filter\\n-A INPUT -j DROP\\nCOMMIT\\n"';
const log = '"*filter\\n-A INPUT -j LOG\\nCOMMIT\\n"';
const both = `realserver: { rules: ${drop}, sysctls: { net.ipv4.tcp_sack: 1 } }\n`;

const textsOf = async (lines: string, name: string) => nodeOf(await planOf(lines), name).rules?.texts;

describe('settings of one node', () => {
  it('stand key by key in place of those of its role, and other nodes keep the latter', async () => {
    const lines = `${both}nodes: { realserver2: { rules: ${log} } }\n`;
    expect((await textsOf(lines, 'realserver1'))?.['rules']).toContain('DROP');
    expect((await textsOf(lines, 'realserver2'))?.['rules']).toContain('LOG');
    const argv = nodeOf(await planOf(lines), 'realserver2').rules?.load.argv;
    expect(argv).toContain('net.ipv4.tcp_sack=1');
    expect((await textsOf(both, 'realserver2'))?.['rules']).toContain('DROP');
  });

  it('leave out what their role has with null', async () => {
    expect(await textsOf(`${both}nodes: { realserver1: { rules: null } }\n`, 'realserver1')).toEqual({});
    const nothing = `${both}nodes: { realserver1: { rules: null, sysctls: null } }\n`;
    expect(await textsOf(nothing, 'realserver1')).toBeUndefined();
  });

  it('are of nodes of every role, and of one iptables each', async () => {
    const lines =
      'topology: { directors: 2, network: routed }\n' +
      `nodes: { director2: { iptables: legacy, rules: ${drop} }, client: { rules: ${log} }, router: { rules: ${log} } }\n`;
    const plan = await planOf(lines);
    const withRules = plan.nodes.filter(({ rules }) => rules !== undefined).map(({ name }) => name);
    expect(withRules).toEqual(['client', 'router', 'director2']);
    expect(nodeOf(plan, 'director2').collect.argv).toContain('legacy');
    expect(nodeOf(plan, 'director').collect.argv).toContain('nft');
    expect(nodeOf(plan, 'client').explain).toBeDefined();
    const scenario = await scenarioOf(minimal + lines);
    expect(isAboutFlavour(scenario)).toBe(true);
    expect(withIptables(scenario, 'nft').nodes['director2']?.iptables).toBe('nft');
  });

  it('decide what an event of that node finds', async () => {
    const event = 'events: [{ at: connected, on: realserver2, commands: [iptables -F] }]\n';
    const own = `nodes: { realserver2: { iptables: legacy, interfaces: { bond0: eth0 } } }\n`;
    const [planned] = (await planOf(own + event.replace('-F', '-A INPUT -i bond0 -j DROP'))).events;
    expect(planned?.steps[0]?.command.argv).toContain('legacy');
    expect(planned?.steps[0]?.rules?.texts['commands']).toBe('iptables -A INPUT -i eth0 -j DROP');
  });

  it('are told where the file has them, and what they have of their role where that has it', async () => {
    const scenario = await scenarioOf(
      `${minimal}${both}nodes:\n  realserver1:\n    sysctls: { net.ipv4.tcp_sack: 0 }\n`,
    );
    expect(scenario.places['nodes.realserver1.sysctls.net.ipv4.tcp_sack']).toMatchObject({ line: 10 });
    expect(scenario.places['nodes.realserver1.rules']).toMatchObject({ line: 7 });
  });

  it('are tried out before there is a lab, as those of a role are', async () => {
    const lines = `${both}nodes: { realserver1: { rules: ${log} } }\n`;
    const paths = triedSteps(await scenarioOf(minimal + lines)).map(({ path, of }) => `${of}: ${path}`);
    expect(paths).toContain('realserver: realserver.rules');
    expect(paths).toContain('realserver1: nodes.realserver1.rules');
  });

  it('may name interfaces of their own, and what no node has is told', async () => {
    const rules = 'realserver: { rules: "*filter\\n-A INPUT -i bond0 -j DROP\\nCOMMIT\\n" }\n';
    const named = 'interfaces: { bond0: eth0 }';
    expect(await unmatchedOf(rules)).toEqual(['! interface bond0']);
    expect(await unmatchedOf(`${rules}nodes: { realserver1: { ${named} } }\n`)).toEqual([
      '! interface bond0',
    ]);
    expect(
      await unmatchedOf(`${rules}nodes: { realserver1: { ${named} }, realserver2: { ${named} } }\n`),
    ).toEqual([]);
  });

  it('may be in rule files, which a run keeps', async () => {
    const text =
      'nodes: { realserver1: { rules: { file: one.iptables } } }\nmutation:\n  what: other rules\n  nodes: { realserver1: { rules: { file: two.iptables } } }\n';
    const rules = (target: string) => `*filter\n-A INPUT -j ${target}\nCOMMIT\n`;
    const files = { 'one.iptables': rules('DROP'), 'two.iptables': rules('LOG') };
    const scenario = await inFolder({ 'mine.yaml': minimal + text, ...files }, (folder) =>
      loadScenario(`${folder}/mine.yaml`),
    );
    expect(scenario.nodes['realserver1']?.rules).toBe(rules('DROP'));
    expect(scenario.mutation?.scenario.nodes['realserver1']?.rules).toBe(rules('LOG'));
    expect(scenario.record.map(({ name }) => name)).toEqual([
      'scenario.yaml',
      'rules/one.iptables',
      'rules/two.iptables',
    ]);
  });
});

describe('a mutation of one node', () => {
  const base = `${minimal}${both}nodes: { realserver1: { rules: ${drop} } }\nmutation:\n  what: another\n`;

  it('changes its keys, replaces text in them, or takes all of them away', async () => {
    const mutated = async (lines: string) => (await scenarioOf(base + lines)).mutation!.scenario.nodes;
    expect((await mutated(`  nodes: { realserver1: { rules: ${log} } }\n`))['realserver1']?.rules).toContain(
      'LOG',
    );
    const replaced = '  nodes: { realserver1: { replace: [{ find: DROP, with: ACCEPT }] } }\n';
    expect((await mutated(replaced))['realserver1']?.rules).toContain('ACCEPT');
    expect(
      await mutated(
        '  realserver: null\n  nodes: { realserver1: null }\n'.replace('  realserver: null\n', ''),
      ),
    ).toEqual({});
  });

  it('is refused where the text to replace is not there', async () => {
    expect(
      await problemsOf(`${base}  nodes: { realserver1: { replace: [{ find: TARPIT, with: ACCEPT }] } }\n`),
    ).toEqual([
      'FILE:11:45: expected this text exactly once in the rules and commands of `nodes.realserver1`, found it nowhere',
    ]);
  });
});

describe('a node that is named wrongly', () => {
  it.each([
    [
      'nodes: { realserver3: { rules: null } }',
      'FILE:7:10: expected a node of this topology (client, director, realserver1, realserver2), found `realserver3`; did you mean `realserver1`?',
    ],
    ['nodes: { realserver1: { ruels: null } }', 'FILE:7:25: unknown key `ruels`; did you mean `rules`?'],
    ["nodes: { realserver1: { commands: ['ping ${REALSERVER9}'] } }", 'found `${REALSERVER9}`'],
  ])('%s is told with its place', async (line, problem) => {
    const [found = ''] = await problemsOf(`${minimal}${line}\n`);
    expect(found).toContain(problem);
  });
});
