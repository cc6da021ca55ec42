import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Messages } from '../../../../lab/clients/raw/io/messages.js';
import { memory } from '../../../../lab/clients/raw/io/libc.js';
import { PacketSocket } from '../../../../lab/clients/raw/io/packetSocket.js';
import { frameOf } from './frames.js';
import { type Answer, type Case, caseSchema, interfaces, probes, vip } from './probes.js';

/**
 * Runs in a network namespace of its own: reads cases from its input, a line each, loads the rules of each, sends the probes and prints which
 * got as far as IPVS would take them. There a chain drops them, so that conntrack forgets them as it does on a director.
 */

const setup = [
  'ip link set lo up',
  ...interfaces.flatMap((name) => [
    `ip link add ${name} type veth peer name peer-${name}`,
    `ip link set ${name} up`,
    `ip link set peer-${name} up`,
  ]),
  `ip addr add ${vip}/32 dev e0`,
  'ip route add default dev e1',
];

/** Counts what comes in before all rules, and what gets past them. */
const counting = `
table ip lvs_lab_probe {
  set arrived { typeof ip id; flags dynamic; size 65535; }
  set passed { typeof ip id; flags dynamic; size 65535; }
  chain first { type filter hook prerouting priority -500; policy accept; ip daddr ${vip} add @arrived { ip id }; }
  chain ipvs { type filter hook input priority 98; policy accept;
    ip daddr ${vip} ip protocol icmp add @passed { ip id } drop
    ip daddr ${vip} tcp dport 80 add @passed { ip id } drop
    iifname "e*" drop;
  }
  chain others { type filter hook forward priority 10000; policy drop; }
}`;

const emptied = `
*raw
:PREROUTING ACCEPT
:OUTPUT ACCEPT
COMMIT
*mangle
:PREROUTING ACCEPT
:INPUT ACCEPT
:FORWARD ACCEPT
:OUTPUT ACCEPT
:POSTROUTING ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT
:INPUT ACCEPT
:OUTPUT ACCEPT
:POSTROUTING ACCEPT
COMMIT
*filter
:INPUT ACCEPT
:FORWARD ACCEPT
:OUTPUT ACCEPT
COMMIT
`;

/** How long packets may take to arrive on a machine that is busy. */
const patienceMs = 20_000;

const linkSchema = z.array(z.object({ ifname: z.string(), address: z.string() }));
const setSchema = z.object({
  nftables: z.array(
    z.object({
      set: z
        .object({
          elem: z.array(z.union([z.number(), z.object({ elem: z.object({ val: z.number() }) })])).default([]),
        })
        .optional(),
    }),
  ),
});

for (const command of setup) execFileSync('sh', ['-c', command]);
for (const name of ['all', ...interfaces]) writeFileSync(`/proc/sys/net/ipv4/conf/${name}/rp_filter`, '0');
execFileSync('nft', ['-f', '-'], { input: counting });
const links = linkSchema.parse(JSON.parse(execFileSync('ip', ['-j', 'link', 'show'], { encoding: 'utf8' })));
const senders = new Map(interfaces.map((name) => [name, senderTo(name)]));

for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean))
  process.stdout.write(`${JSON.stringify(answerFor(caseSchema.parse(JSON.parse(line))))}\n`);

function answerFor({ tool, text }: Case): Answer {
  const load = tool === 'nft' ? ['nft', '-f', '-'] : ['iptables-restore'];
  if (tool === 'iptables') execFileSync('iptables-restore', [], { input: emptied });
  const [program = '', ...args] = load;
  const { status, stderr } = spawnSync(program, args, { input: text, encoding: 'utf8' });
  if (status !== 0) return { refused: stderr };
  forgetAtOnce();
  execFileSync('nft', ['flush set ip lvs_lab_probe arrived; flush set ip lvs_lab_probe passed']);
  for (const [index, probe] of probes.entries()) senders.get(probe.comesIn)?.(index);
  const until = Date.now() + patienceMs;
  while (membersOf('arrived').size < probes.length)
    if (Date.now() > until) throw new Error('the packets did not arrive');
  const passed = membersOf('passed');
  if (tool === 'nft') execFileSync('nft', ['delete table inet t']);
  return { passed: probes.map((_, index) => passed.has(index + 1)) };
}

/** What REJECT sends confirms the entry of the packet that it answers, which would be known still when the next rules are tried. */
function forgetAtOnce(): void {
  const folder = '/proc/sys/net/netfilter';
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((one) => /^nf_conntrack_.*timeout/.test(one)))
    writeFileSync(`${folder}/${name}`, '0');
}

function membersOf(set: string): ReadonlySet<number> {
  const listed = execFileSync('nft', ['-j', 'list', 'set', 'ip', 'lvs_lab_probe', set], { encoding: 'utf8' });
  const { nftables } = setSchema.parse(JSON.parse(listed));
  const elements = nftables.flatMap((one) => one.set?.elem ?? []);
  return new Set(elements.map((one) => (typeof one === 'number' ? one : one.elem.val)));
}

/** Sends the probe with this index to an interface, by the other end of its cable. */
function senderTo(name: string): (index: number) => void {
  const socket = new PacketSocket({
    device: `peer-${name}`,
    // Nothing is to be received.
    filter: [{ code: 0x06, jt: 0, jf: 0, k: 0 }],
    multicast: false,
  });
  const [to, from] = [macOf(name), macOf(`peer-${name}`)];
  const messages = new Messages(1);
  return (index) => {
    const probe = probes[index];
    if (probe === undefined) return;
    const frame = frameOf(probe, index + 1, { to, from });
    const { bytes, address } = memory(frame.length);
    frame.copy(bytes);
    messages.point(0, address, frame.length);
    const { sent, error } = socket.send(messages, 0, 1);
    if (sent !== 1) throw new Error(`a packet was not sent: ${error ?? ''}`);
  };
}

function macOf(name: string): Buffer {
  const link = links.find(({ ifname }) => ifname === name);
  return Buffer.from((link?.address ?? '').replaceAll(':', ''), 'hex');
}
