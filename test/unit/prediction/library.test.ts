import { describe, expect, it } from 'vitest';
import { devicesOf } from '../../../src/scenario/model/devicesOf.js';
import { clientPorts } from '../../../src/scenario/model/virtualServices.js';
import type { Destination, Scenario } from '../../../src/scenario/model/scenario.js';
import { listScenarios } from '../../../src/scenario/library/library.js';
import type { SiteRuleFile } from '../../../src/site/model/site.js';
import { filtersOf } from '../../../src/prediction/filters.js';
import type { Predicted } from '../../../src/prediction/model/predicted.js';
import { predictedOutcomes, worstOf } from '../../../src/prediction/model/predicted.js';
import { predictService } from '../../../src/prediction/predictService.js';

type Asked = Omit<Scenario, 'mutation'>;

/** What decides in these is not in the director's rules, or not in what clients do with one connection. */
const elsewhere: Readonly<Record<string, string>> = {
  'close/reopen-after-reset': 'the outcome is that of connections that use a port again',
  'close/upload-then-half-close': 'the outcome is that of an upload whose last segment has the FIN',
  'clients/each-its-own-address':
    'how many SYNs come from one address decides: unknown, by the line of `recent`',
  'topology/arp-realservers-answer': 'realservers answer for the VIP',
  'reports/forward-vdir':
    '`-m ipvs` asks what IPVS has done with a packet so far, which is not followed: unknown, by its lines',
  'topology/conntrack-full': 'the table of conntrack is full',
  'sysctls/conntrack-replies-through-director': 'replies return through the director',
  'topology/replies-through-director-forward': 'replies return through the director',
};

/** Only with a count of packets can one say what comes of these. */
const counting = /limit|recent-counts/;

const scenarios = (await listScenarios()).filter(
  (scenario) => isAboutRules(scenario) && !Object.hasOwn(elsewhere, scenario.id),
);

function isAboutRules({ id, roles, events, load, expect: { outcome } }: Scenario): boolean {
  const { director, ...others } = roles;
  const hasRules = ({ rules, rules6, nftables, commands }: (typeof roles)['director']) =>
    [rules, rules6, nftables].some((text) => text !== undefined) || commands.length > 0;
  return (
    !id.startsWith('load/') &&
    !counting.test(id) &&
    events.length === 0 &&
    // What is made on a node itself goes by other hooks.
    load.from === undefined &&
    director.commands.length === 0 &&
    (director.rules ?? director.rules6 ?? director.nftables) !== undefined &&
    !Object.values(others).some(hasRules) &&
    (predictedOutcomes as readonly string[]).includes(outcome)
  );
}

/** The worst prediction for the services of a scenario's director, as if its addresses were these. */
function predictedFor({ topology, roles: { director } }: Asked): Predicted {
  const { family, forwarding, realservers, localRealserver, services } = topology;
  const devices = devicesOf(topology, { name: 'director', role: 'director' });
  const address = (host: number) => (family === 'ipv4' ? `198.18.0.${host}` : `2001:db8::${host}`);
  const vip = (number = 1) => address(99 + number);
  const realserver = (number: number) => address(30 + number);
  const texts: readonly (readonly [SiteRuleFile['kind'], string | undefined])[] = [
    ['iptables-save', markedByLab(services, vip)],
    ['iptables-save', director.rules],
    ['ip6tables-save', director.rules6],
    ['nft', director.nftables],
    ['ipset', director.ipset],
  ];
  const filled = (text: string) =>
    text
      .replaceAll('${VIP}', vip())
      .replaceAll('${VIP2}', vip(2))
      .replaceAll(/\$\{REALSERVER(\d)\}/g, (_, number: string) => realserver(Number(number)));
  const rules = texts.flatMap(([kind, text]): SiteRuleFile[] =>
    text === undefined ? [] : [{ kind, name: kind, text: filled(text) }],
  );
  const nodes: readonly Destination[] = localRealserver
    ? [{ node: 'director' }]
    : Array.from({ length: realservers }, (_, index) => ({ node: `realserver${index + 1}` }));
  const asked = services.flatMap((service) => clientPorts(service).map((port) => ({ service, port })));
  const outcomes = asked.map(
    ({ service, port }) =>
      predictService(
        {
          protocol: service.protocol ?? 'tcp',
          family,
          vip: vip(service.vip),
          port,
          fwmark: service.fwmark,
          servers: (service.realservers ?? nodes).map((server) => ({
            address: server.node === 'director' ? address(20) : realserver(Number(server.node.slice(-1))),
            port: server.port ?? service.realserverPort ?? port,
            forwarding: server.forwarding ?? forwarding,
            isLocal: server.node === 'director',
          })),
          at: undefined,
        },
        {
          director: {
            vsConntrack: director.sysctls['net.ipv4.vs.conntrack'] === '1',
            loose: director.sysctls['net.netfilter.nf_conntrack_tcp_loose'] !== '0',
            clientSide: devices,
            serverSide: devices,
            clients: [address(10)],
            own: [],
            interfaces: devices,
          },
          filters: filtersOf({ rules }),
          otherMarks: [],
        },
      ).outcome,
  );
  return worstOf(outcomes);
}

/** The rules by which the lab itself marks packets of services by mark; undefined: there are none. */
function markedByLab(
  services: Scenario['topology']['services'],
  vip: (number?: number) => string,
): string | undefined {
  const marked = services.filter(({ fwmark }) => fwmark !== undefined);
  if (marked.length === 0) return undefined;
  const lines = marked.map(
    (service) =>
      `-A PREROUTING -d ${vip(service.vip)}/32 -p tcp -m tcp --dport ${service.port}:${service.lastPort ?? service.port} -j MARK --set-xmark ${service.fwmark}/0xffffffff`,
  );
  return ['*mangle', ':PREROUTING ACCEPT [0:0]', ...lines, 'COMMIT', ''].join('\n');
}

/** What was measured where clients find that no port is left: they left connections behind that could not be closed. */
const sameAs: Readonly<Record<string, string>> = { 'ports-exhausted': 'close-blocked' };

describe('scenarios that were measured in the lab', () => {
  it('are enough to say something', () => {
    expect(scenarios.length).toBeGreaterThan(50);
  });

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s is predicted as measured',
    (_, scenario) => {
      const { outcome } = scenario.expect;
      expect(predictedFor(scenario)).toBe(sameAs[outcome] ?? outcome);
    },
  );

  const changed = scenarios.filter(
    ({ roles, mutation }) =>
      mutation?.scenario.roles.director.commands.length === 0 &&
      JSON.stringify(mutation.scenario.roles.director) !== JSON.stringify(roles.director),
  );

  it.each(changed.map((scenario) => [scenario.id, scenario] as const))(
    '%s is predicted otherwise with its mutation made',
    (_, { mutation, expect: { outcome } }) => {
      expect(predictedFor(mutation!.scenario)).not.toBe(outcome);
    },
  );
});
