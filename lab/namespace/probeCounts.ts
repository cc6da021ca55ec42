import { execFileSync } from 'node:child_process';
import type { ProbeOrder } from '../../src/contracts/agents/probeOrder.js';

/** How long packets may take to arrive on a machine that is busy. */
const patienceMs = 20_000;

/** Counts probes that come in before all rules, and those that get past them. */
export class ProbeCounts {
  readonly #table: string;

  constructor({ services, interfaces }: Pick<ProbeOrder, 'services' | 'interfaces'>) {
    const taken = services.flatMap(({ address, port, protocol, fwmark }) => {
      const mark = fwmark === undefined ? '' : `meta mark ${fwmark} `;
      const { ip, icmp, number, set } = wordsFor(address);
      // A message about a packet has no mark of its own that IPVS would look at.
      return [
        `${mark}${ip} daddr ${address} ${protocol} dport ${port} add @passed${set} { ${number} } drop`,
        `${ip} daddr ${address} meta l4proto ${icmp} add @passed${set} { ${number} } drop`,
      ];
    });
    const coming = [...new Set(services.map(({ address }) => address))].map((address) => {
      const { ip, number, set } = wordsFor(address);
      return `${ip} daddr ${address} add @arrived${set} { ${number} }`;
    });
    const names = interfaces.map((name) => JSON.stringify(name)).join(', ');
    const sets = ['arrived', 'passed'].flatMap((set) => [
      `set ${set}4 { typeof ip id; flags dynamic; size 65535; }`,
      `set ${set}6 { typeof ip6 flowlabel; flags dynamic; size 65535; }`,
    ]);
    this.#table = `
table inet lvs_lab_probe {
  ${sets.join('\n  ')}
  chain first { type filter hook prerouting priority -500; policy accept;
    ${coming.join('\n    ')}
  }
  chain ipvs { type filter hook input priority 98; policy accept;
    ${taken.join('\n    ')}
    iifname { ${names} } drop
  }
  chain others { type filter hook forward priority 10000; policy drop; }
}`;
  }

  /** Once the rules are there: they may have emptied all. */
  begin(): void {
    execFileSync('nft', ['-f', '-'], { input: this.#table });
  }

  /** Until so many have come in. Throws when they do not. */
  wait(count: number): void {
    const until = Date.now() + patienceMs;
    while (membersOf('arrived').size < count)
      if (Date.now() > until) throw new Error('the packets did not arrive');
  }

  /** The numbers of those that IPVS would have. */
  passed(): ReadonlySet<number> {
    return membersOf('passed');
  }
}

/** What nft calls the headers of an address's family, and where a probe has its number. */
function wordsFor(address: string) {
  return address.includes(':')
    ? ({ ip: 'ip6', icmp: 'icmpv6', number: 'ip6 flowlabel', set: 6 } as const)
    : ({ ip: 'ip', icmp: 'icmp', number: 'ip id', set: 4 } as const);
}

/** `elements = { 1, 2 }`, over any number of lines. */
function membersOf(name: 'arrived' | 'passed'): ReadonlySet<number> {
  const numbers = [4, 6].flatMap((set) => {
    const argv = ['list', 'set', 'inet', 'lvs_lab_probe', `${name}${set}`];
    const listed = execFileSync('nft', argv, { encoding: 'utf8' });
    const [, elements = ''] = /elements = \{([^}]*)\}/.exec(listed) ?? [];
    return [...elements.matchAll(/0x[\da-f]+|\d+/g)].map(([number]) => Number(number));
  });
  return new Set(numbers);
}
