import type { SocketFactory } from '../connections/clientSocket.js';
import { DatagramSocket, type DatagramOptions } from './datagramSocket.js';

/** Clients made of the kernel's own UDP sockets, each connected to its end of the service, so that the kernel tells it of ICMP errors. */
export function datagramSockets(options: DatagramOptions): SocketFactory {
  let opened = 0;
  return {
    name: `UDP sockets of Node.js ${process.version}`,
    nonBlockingConnect: true,
    open: (target) => new DatagramSocket(options, target, (opened += 1)),
  };
}
