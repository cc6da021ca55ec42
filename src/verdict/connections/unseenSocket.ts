import type { NodeEvidence } from '../../evidence/model/evidence.js';

/**
 * Says why no socket of a connection was seen on the node that serves it: the node translates the connection to other addresses or
 * ports, and no listing of the lab has a socket there.
 */
export interface UnseenSocket {
  /** `realserver1 translates it to 172.17.0.2:80, of which no listing has a socket`. */
  readonly text: string;
  /** It is translated to an address that is not the node's own, so the socket is elsewhere. */
  readonly isElsewhere: boolean;
}

/** Targets of iptables, and statements of nftables, that change addresses or ports. */
const translates =
  /-j (?:DNAT|REDIRECT|SNAT|MASQUERADE|NETMAP|TPROXY)\b|\b(?:dnat|snat|masquerade|tproxy)\b|\bredirect(?: to\b|$)/;

/** What the node's connection tracking, or else its rules, say of a connection of which no socket was seen; undefined: nothing. */
export function unseenSocketOf(node: NodeEvidence, names: readonly string[]): UnseenSocket | undefined {
  const entry = node.translations?.find(({ client }) => names.includes(client));
  if (entry !== undefined) {
    const isElsewhere = node.addresses.every((address) => !isOf(address, entry.serverBehind));
    return {
      text: `${node.name} translates it to ${entry.serverBehind}, of which no listing has a socket`,
      isElsewhere,
    };
  }
  const rule = node.rules.find((one) => one.packets !== 0 && translates.test(withoutQuotes(one.rule)));
  if (rule === undefined) return undefined;
  const text = `${node.name} translates (\`${rule.rule}\`) and shows no mapping of it, so what became of it there is unknown`;
  return { text, isElsewhere: false };
}

function isOf(address: string, end: string): boolean {
  return end.startsWith(address.includes(':') ? `[${address}]:` : `${address}:`);
}

/** Comments and prefixes of logs are no statements. */
function withoutQuotes(rule: string): string {
  return rule.replace(/"(?:[^"\\]|\\.)*"/g, '""');
}
