import { execFileSync } from 'node:child_process';
import type { ProbeOrder } from '../../src/contracts/agents/probeOrder.js';

/** How long packets may take to arrive on a machine that is busy. */
const patienceMs = 20_000;

/** Counts probes that come in before all rules, and those that get past them. */
export class Arrivals {
  readonly #table: string;

  constructor({ services, interfaces }: Pick<ProbeOrder, 'services' | 'interfaces'>) {
    const vips = `{ ${[...new Set(services.map(({ address }) => address))].join(', ')} }`;
    const taken = services.flatMap(({ address, port, protocol, fwmark }) => {
      const mark = fwmark === undefined ? '' : `meta mark ${fwmark} `;
      // A message about a packet has no mark of its own that IPVS would look at.
      return [
        `${mark}ip daddr ${address} ${protocol} dport ${port} add @passed { ip id } drop`,
        `ip daddr ${address} ip protocol icmp add @passed { ip id } drop`,
      ];
    });
    const names = interfaces.map((name) => JSON.stringify(name)).join(', ');
    this.#table = `
table ip lvs_lab_probe {
  set arrived { typeof ip id; flags dynamic; size 65535; }
  set passed { typeof ip id; flags dynamic; size 65535; }
  chain first { type filter hook prerouting priority -500; policy accept; ip daddr ${vips} add @arrived { ip id }; }
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

/** `elements = { 1, 2 }`, over any number of lines. */
function membersOf(set: string): ReadonlySet<number> {
  const listed = execFileSync('nft', ['list', 'set', 'ip', 'lvs_lab_probe', set], { encoding: 'utf8' });
  const [, elements = ''] = /elements = \{([^}]*)\}/.exec(listed) ?? [];
  return new Set([...elements.matchAll(/\d+/g)].map(([number]) => Number(number)));
}
