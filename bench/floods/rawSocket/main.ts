/**
 * Usage: node rawSocket.cjs FOLDER VIP PORT ADDRESS SECONDS
 * Sends SYNs with the `raw-socket` package that is installed in FOLDER, as fast as it takes them, and counts the TCP packets that it
 * hands over. Prints one line of JSON. Bundled as the agent is, for where it runs there are no other packages.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { performance } from 'node:perf_hooks';

/** What is used of the package's sockets; it has no types. */
interface RawSocket {
  readonly on: (event: 'message' | 'error', listener: () => void) => void;
  readonly send: (
    bytes: Buffer,
    from: number,
    length: number,
    to: string,
    done: (error: Error | null) => void,
  ) => void;
  readonly close: () => void;
}

/** What is used of the package. */
interface RawSocketPackage {
  readonly createSocket: (options: { readonly protocol: number; readonly bufferSize: number }) => RawSocket;
  readonly createChecksum: (...parts: readonly Buffer[]) => number;
  readonly Protocol: { readonly TCP: number };
}

const [folder = '', vip = '', port = '', address = '', seconds = ''] = process.argv.slice(2);
const raw = createRequire(path.join(folder, 'package.json'))('raw-socket') as RawSocketPackage;
const octets = (text: string): Buffer => Buffer.from(text.split('.').map(Number));

const pseudoHeader = Buffer.concat([octets(address), octets(vip), Buffer.from([0, 6, 0, 20])]);
const segment = Buffer.alloc(20);
segment.writeUInt16BE(Number(port), 2);
segment.writeUInt8(0x50, 12);
segment.writeUInt8(0x02, 13);
segment.writeUInt16BE(65_535, 14);

const socket = raw.createSocket({ protocol: raw.Protocol.TCP, bufferSize: 4096 });
let [sent, received, failed] = [0, 0, 0];
socket.on('message', () => {
  received += 1;
});
socket.on('error', () => {
  failed += 1;
});

const start = performance.now();
const end = start + Number(seconds) * 1000;
let finished = false;

/** Each packet has memory of its own: several wait in the package's queue. */
function send(): void {
  const packet = Buffer.from(segment);
  packet.writeUInt16BE(1024 + (sent % 64_000), 0);
  packet.writeUInt32BE(sent, 4);
  packet.writeUInt16BE(raw.createChecksum(pseudoHeader, packet), 16);
  socket.send(packet, 0, packet.length, vip, (error) => {
    if (error) failed += 1;
    else sent += 1;
    if (performance.now() < end) send();
    else finish();
  });
}

function finish(): void {
  if (finished) return;
  finished = true;
  const took = (performance.now() - start) / 1000;
  socket.close();
  console.log(JSON.stringify({ sent, received, failed, seconds: took }));
}

for (let waiting = 0; waiting < 64; waiting += 1) send();
