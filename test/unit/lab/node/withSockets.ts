// Usage: node --import tsx withSockets.ts SERVER CLIENTS COMMAND...
// Holds connections to SERVER, an address of this host, while COMMAND runs. CLIENTS: `address=kind` with commas between, each one
// connection: `open`, `half` (the client has closed, the server not yet) or `closed` (by the client, which keeps it as TIME-WAIT).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const [, , host, clients = '', program = '', ...args] = process.argv;
const kept = new Set<Socket>();
const server = createServer({ allowHalfOpen: true }, (socket) => {
  const kind = clients.split(',').find((one) => one.startsWith(`${String(socket.remoteAddress)}=`));
  kept.add(socket.on('error', () => undefined).resume());
  if (kind?.endsWith('=closed')) socket.on('end', () => socket.end());
}).listen(0, host);
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
for (const [localAddress = '', kind] of clients.split(',').map((one) => one.split('='))) {
  const client = connect({ host, port, localAddress, allowHalfOpen: true });
  await once(client, 'connect');
  kept.add(client.resume());
  if (kind !== 'open') client.end();
  if (kind === 'closed') await once(client, 'close');
}
const child = spawn(program, args, { stdio: 'inherit' });
process.on('SIGTERM', () => child.kill());
child.once('close', (code) => process.exit(code ?? 1));
