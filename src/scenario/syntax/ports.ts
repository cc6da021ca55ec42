/** The first and the last port, both included. */
export type PortRange = readonly [number, number];

/** Which of a packet's ports is meant. */
export type PortSide = 'source' | 'destination' | 'either';

/** Services that rule files call by their names. A name that is not here may be any port. */
const named: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  www: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ident: 113,
  auth: 113,
  ntp: 123,
  imap: 143,
  imap2: 143,
  snmp: 161,
  bgp: 179,
  ldap: 389,
  https: 443,
  submission: 587,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  openvpn: 1194,
  nfs: 2049,
  mysql: 3306,
  postgresql: 5432,
  mdns: 5353,
};

const every: PortRange = [0, 65_535];

/** Ports as iptables and nft write them: `80`, `http`, `1024:65535`, `1024-65535`, and lists of these. */
export function portRanges(list: readonly string[]): readonly PortRange[] {
  return list.flatMap((text) => text.split(',')).map((text) => rangeOf(text.trim()));
}

/** The same, but undefined where a name may be any port. */
export function knownPorts(list: readonly string[]): readonly PortRange[] | undefined {
  const ends = list.flatMap((text) => text.split(/[,:-]/)).map((text) => text.trim());
  return ends.every((end) => end === '' || portOf(end) !== undefined) ? portRanges(list) : undefined;
}

function rangeOf(text: string): PortRange {
  const [from = '', to] = text.split(/[:-]/);
  const first = from === '' ? 0 : portOf(from);
  const last = to === undefined ? first : to === '' ? every[1] : portOf(to);
  return first === undefined || last === undefined ? every : [first, last];
}

function portOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : named[text];
}
