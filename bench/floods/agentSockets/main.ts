/**
 * Usage: node agentSockets.cjs DEVICE OWN-MAC NEXT-HOP-MAC SOURCE TARGET PORT SECONDS
 * What ../rawSocket does, with the agent's own sockets and frames (lab/clients/raw/io, lab/clients/raw/packet): sends SYNs as fast as the kernel takes
 * them, and counts the segments that come back. Prints one line of JSON. An exchange without conversations, which the agent has no
 * words for; bundled as the agent is.
 */
import { performance } from 'node:perf_hooks';
import { addressBytes, macBytes } from '../../../lab/clients/raw/io/addresses.js';
import { socketFilter } from '../../../lab/clients/raw/io/filter.js';
import { makeNeighbours } from '../../../lab/clients/raw/io/neighbours.js';
import { PacketSocket } from '../../../lab/clients/raw/io/packetSocket.js';
import { keptBytes, Receiver } from '../../../lab/clients/raw/io/receiver.js';
import { FrameSender } from '../../../lab/clients/raw/io/sender.js';
import { SegmentFrames, noPayload, SegmentHeader } from '../../../lab/clients/raw/packet/segmentFrames.js';
import { FrameKind, Packet } from '../../../lab/clients/raw/packet/packet.js';
import { parseFrame } from '../../../lab/clients/raw/packet/parseFrame.js';
import { protocolTcp } from '../../../lab/clients/raw/packet/parseIcmp.js';
import { TcpFlag } from '../../../lab/clients/raw/packet/tcpFlags.js';

const [device = '', own = '', nextHop = '', source = '', target = '', port = '', seconds = ''] =
  process.argv.slice(2);
const sources = [addressBytes(source)];
const vip = addressBytes(target);
const filter = socketFilter({
  family: 'ipv4',
  protocol: protocolTcp,
  sources,
  vip,
  ports: [Number(port)],
  keep: keptBytes,
});
const socket = new PacketSocket({ device, filter, multicast: false });
const sender = new FrameSender(socket);
const receiver = new Receiver(socket);
const mac = macBytes(own);
const neighbours = makeNeighbours({
  family: 'ipv4',
  mac,
  address: source,
  sources: [source],
  outbox: sender,
});
const frames = new SegmentFrames(sender, { own: mac, nextHop: macBytes(nextHop) }, vip, sources);
const header = new SegmentHeader();
header.destinationPort = Number(port);
header.flags = TcpFlag.syn;
header.window = 65_535;
const packet = new Packet();
let [sent, received] = [0, 0];

const start = performance.now();
const end = start + Number(seconds) * 1000;
while (performance.now() < end) {
  for (let frame = 0; frame < 128; frame += 1) {
    header.sourcePort = 1024 + (sent % 64_000);
    header.sequence = sent;
    frames.write(header, noPayload);
    sent += 1;
  }
  sender.flush();
  receiver.receive((bytes, offset, length) => {
    if (neighbours.receive(bytes, offset, length)) return;
    if (parseFrame(packet, bytes, offset, length) === FrameKind.segment) received += 1;
  });
}
const took = (performance.now() - start) / 1000;
const given = Object.values(sender.errors).reduce((sum, count) => sum + count, 0);
console.log(JSON.stringify({ sent: sent - given, received, seconds: took }));
