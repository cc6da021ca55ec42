import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import type { ProbeOrder, RuleProbe } from '../../src/contracts/agents/probeOrder.js';
import { macBytes } from '../clients/raw/io/addresses.js';
import { memory } from '../clients/raw/io/libc.js';
import { Messages } from '../clients/raw/io/messages.js';
import { PacketSocket } from '../clients/raw/io/packetSocket.js';
import { probeFrame } from './probeFrame.js';

const forwarding = '/proc/sys/net/ipv4/conf';
const tracking = '/proc/sys/net/netfilter';

/** The other end of an interface's cable; names of interfaces are short. */
const peerOf = (names: readonly string[], name: string) => `peer${names.indexOf(name)}`;

/** Makes the interfaces of a director, each a cable whose other end sends, and gives it the addresses of its services. */
export function makeInterfaces({ interfaces, services }: Pick<ProbeOrder, 'interfaces' | 'services'>): void {
  const ip = (...args: readonly string[]) => execFileSync('ip', args);
  ip('link', 'set', 'lo', 'up');
  for (const name of interfaces) {
    const peer = peerOf(interfaces, name);
    ip('link', 'add', 'name', name, 'type', 'veth', 'peer', 'name', peer);
    ip('link', 'set', name, 'up');
    ip('link', 'set', peer, 'up');
  }
  const [first = ''] = interfaces;
  for (const address of new Set(services.map((one) => one.address)))
    // It is nobody else's, so nobody has to be asked.
    if (address.includes(':')) ip('-6', 'addr', 'add', `${address}/128`, 'dev', first, 'nodad');
    else ip('addr', 'add', `${address}/32`, 'dev', first);
  const last = interfaces.at(-1) ?? first;
  ip('route', 'add', 'default', 'dev', last);
  if (services.some(({ address }) => address.includes(':'))) ip('-6', 'route', 'add', 'default', 'dev', last);
  for (const name of ['all', ...interfaces]) writeFileSync(`${forwarding}/${name}/rp_filter`, '0');
}

/** Sends a probe with its number to each interface, by the other end of its cable. */
export function sendersTo(
  interfaces: readonly string[],
): ReadonlyMap<string, (probe: RuleProbe, number: number) => void> {
  const macOf = (name: string) => {
    const listed = execFileSync('ip', ['-o', 'link', 'show', 'dev', name], { encoding: 'utf8' });
    const [, address = ''] = /link\/ether ([\da-f:]+)/.exec(listed) ?? [];
    return macBytes(address);
  };
  return new Map(
    interfaces.map((name) => {
      const peer = peerOf(interfaces, name);
      const socket = new PacketSocket({
        device: peer,
        // Nothing is to be received.
        filter: [{ code: 0x06, jt: 0, jf: 0, k: 0 }],
        multicast: false,
      });
      const ends = { to: macOf(name), from: macOf(peer) };
      const messages = new Messages(1);
      const send = (probe: RuleProbe, number: number) => {
        sendOn(socket, messages, probeFrame(probe, number, ends));
      };
      return [name, send] as const;
    }),
  );
}

function sendOn(socket: PacketSocket, messages: Messages, frame: Buffer): void {
  const { bytes, address } = memory(frame.length);
  frame.copy(bytes);
  messages.point(0, address, frame.length);
  const { sent, error } = socket.send(messages, 0, 1);
  if (sent !== 1) throw new Error(`a packet was not sent: ${error ?? ''}`);
}

/** What REJECT sends confirms the entry of the packet that it answers, which would be known still when the next packet comes. */
export function forgetAtOnce(isLoose: boolean): void {
  if (!existsSync(tracking)) return;
  const names = readdirSync(tracking);
  for (const name of names.filter((one) => /^nf_conntrack_.*timeout/.test(one)))
    writeFileSync(`${tracking}/${name}`, '0');
  if (names.includes('nf_conntrack_tcp_loose'))
    writeFileSync(`${tracking}/nf_conntrack_tcp_loose`, isLoose ? '1' : '0');
}
