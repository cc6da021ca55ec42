import type { Datagrams } from '../../../../src/contracts/agents/load.js';
import type { Target } from '../../../../src/contracts/agents/driveOrder.js';
import type { ClientConnection } from '../../../../src/evidence/model/loadReport.js';
import type { ClientSocket, SocketFactory } from '../connections/clientSocket.js';
import type { LocalPorts } from '../connections/localPorts.js';
import { DatagramSocket } from './datagramSocket.js';

/** What each client asks, and from where. */
export interface DatagramOptions {
  readonly sourceAddress: string;
  readonly datagrams: Datagrams;
  readonly requests: number;
  /** Seconds of silence before the last request. */
  readonly idle: number;
  /** The ports that sockets bind to; undefined: the kernel picks a port for each. */
  readonly ports: LocalPorts | undefined;
}

/** Clients made of the kernel's own UDP sockets, each connected to its end of the service, so that the kernel tells it of ICMP errors. */
export function datagramSockets(options: DatagramOptions): SocketFactory {
  let opened = 0;
  return {
    name: `UDP sockets of Node.js ${process.version}`,
    nonBlockingConnect: true,
    open: (target: Target) => client(new DatagramSocket(options, target, (opened += 1))),
  };
}

function client(socket: DatagramSocket): ClientSocket {
  return {
    opened: socket.opened,
    done: socket.done,
    report: (): ClientConnection => socket.report(),
    abandon: () => {
      socket.abandon();
    },
  };
}
