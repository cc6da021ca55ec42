import { type Family, families } from '../../contracts/words/network.js';
import type { Hook } from '../../contracts/words/rules.js';
import { nftDevices } from './nftInterfaces.js';
import type { NftStatement } from './nftStatements.js';

const familiesOf: Readonly<Record<string, readonly Family[]>> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: families,
  netdev: families,
  // Of these no packet of the service is.
  arp: [],
  bridge: [],
};

/** Packets come by ingress just before PREROUTING, and by egress last of all. */
const hooks: Readonly<Record<string, Hook>> = {
  prerouting: 'PREROUTING',
  ingress: 'PREROUTING',
  input: 'INPUT',
  forward: 'FORWARD',
  output: 'OUTPUT',
  postrouting: 'POSTROUTING',
  egress: 'POSTROUTING',
};

/** A chain of nft as it is written. */
export interface WrittenNftChain<Statement extends NftStatement> {
  /** `inet firewalld`. */
  readonly table: string;
  readonly name: string;
  readonly families: readonly Family[];
  /** `type filter hook input priority 0`, and what its words say: without a hook that is known nothing calls the chain. */
  readonly heading:
    | {
        readonly statement: Statement;
        readonly hook: Hook | undefined;
        /** As nft calls it, `ingress` and `egress` among them. */
        readonly hookName: string;
        readonly isNat: boolean;
      }
    | undefined;
  /** `policy drop`, where it is said. */
  readonly policy: { readonly statement: Statement; readonly value: 'accept' | 'drop' } | undefined;
  /** The devices to which it is tied. */
  readonly devices: readonly string[];
  readonly rules: readonly Statement[];
}

/** How a chain or a set is called among those of all tables. */
export function nftKey(table: string, name: string): string {
  return `${table} ${name}`;
}

/** The chains that statements make or add to, by `nftKey`. Tables of families that nft does not have are passed over. */
export function nftChains<Statement extends NftStatement>(
  statements: readonly Statement[],
): ReadonlyMap<string, WrittenNftChain<Statement>> {
  const chains = new Map<string, WrittenNftChain<Statement> & { readonly rules: Statement[] }>();
  for (const statement of statements) {
    const { table, block, words } = statement;
    const family = table?.split(' ')[0] ?? '';
    const known = Object.hasOwn(familiesOf, family) ? familiesOf[family] : undefined;
    if (table === undefined || known === undefined || block?.[0] !== 'chain') continue;
    const [, name] = block;
    const key = nftKey(table, name);
    const chain = chains.get(key) ?? {
      ...{ table, name, families: known },
      ...{ heading: undefined, policy: undefined, devices: [], rules: [] },
    };
    const first = words[0]?.text ?? '';
    const devices = () => [...chain.devices, ...nftDevices(statement).map(({ text }) => text)];
    if (first === 'type') chains.set(key, { ...chain, heading: headingOf(statement), devices: devices() });
    else if (first === 'policy')
      chains.set(key, {
        ...chain,
        policy: { statement, value: words[1]?.text === 'drop' ? 'drop' : 'accept' },
      });
    else if (first === 'devices' || first === 'device') chains.set(key, { ...chain, devices: devices() });
    else {
      chain.rules.push(statement);
      chains.set(key, chain);
    }
  }
  return chains;
}

function headingOf<Statement extends NftStatement>(statement: Statement) {
  const words = statement.words.map(({ text }) => text);
  const hookName = words[words.indexOf('hook') + 1] ?? '';
  return { statement, hookName, hook: hookOf(hookName), isNat: words[1] === 'nat' };
}

/** The hook that nft calls so; undefined: it is none. */
export function hookOf(name: string): Hook | undefined {
  return Object.hasOwn(hooks, name) ? hooks[name] : undefined;
}
