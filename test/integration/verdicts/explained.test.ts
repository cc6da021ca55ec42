import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/port/port.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { runOne, shipped, verdictOf } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

let engine: Engine;
let stock: Scenario;
beforeAll(async () => {
  engine = await sharedEngine();
  stock = await shipped('close/client-reset');
});

const explained = async (scenario: Scenario) =>
  verdictOf((await runOne(engine, scenario, { explain: true })).result);

/** The scenario with other rules on its director. */
function withRules({ roles, ...scenario }: Scenario, change: (rules: string) => string): Scenario {
  const { director } = roles;
  return {
    ...scenario,
    roles: { ...roles, director: { ...director, rules: change(director.rules ?? '') } },
  };
}

const reject = '-A INPUT -j REJECT --reject-with icmp-host-prohibited';

describe('a run that is explained', () => {
  it.each(['nft', 'legacy'] as const)('blames the rule that refused the RST, with %s', async (iptables) => {
    const { roles } = stock;
    const flavoured = { ...stock, roles: { ...roles, director: { ...roles.director, iptables } } };
    const { result, explanation, reasons } = await explained(flavoured);
    expect([result, reasons]).toEqual(['pass', expect.anything()]);
    expect(explanation?.doubts).toEqual([]);
    expect(explanation?.blame).toMatchObject({ kind: 'rule', what: reject, role: 'director', line: 10 });
    expect(explanation?.blame?.file).toMatch(/rules\/stock\.iptables$/);
    const facts = explanation?.connections[0]?.facts ?? [];
    expect(facts.find(({ kind }) => kind === 'state')?.state).toBe('INVALID');
    expect(facts.find(({ kind }) => kind === 'sent-on')?.text).toContain('UNTRACKED');
    expect(facts.find(({ kind }) => kind === 'freed')?.text).toContain('ip_vs_dr_xmit took them, and each');
    expect(explanation?.lacking.join()).not.toContain('kernel');
  });

  it('blames the setting without which the same rules would have let the packet in', async () => {
    const { result, explanation, reasons } = await explained(await shipped('sysctls/tcp-loose-off'));
    expect([result, reasons]).toEqual(['pass', expect.anything()]);
    expect(explanation?.blame).toMatchObject({
      kind: 'sysctl',
      what: 'net.netfilter.nf_conntrack_tcp_loose=0',
    });
  });

  it('fails where another rule takes the packet, although the connections fare the same', async () => {
    const other = withRules(stock, (rules) =>
      rules.replace(reject, `${reject.replace(' -j', ' -p tcp -j')}\n${reject}`),
    );
    const { result, reasons, measured } = await explained(other);
    expect(measured?.outcome).toBe('close-blocked');
    expect(result).toBe('fail');
    expect(reasons.join()).toContain('Expected to blame');
  });
});
