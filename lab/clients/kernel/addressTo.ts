import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/** Any port does: nothing is sent there. */
const anyPort = 9;

/**
 * The address that this host's kernel picks for what a program sends to a target, as it does for one that does not bind its socket. Sends
 * nothing. Rejects with the system's error when the host has no route there.
 */
export async function addressTo(target: string): Promise<string> {
  const socket = createSocket(isIPv6(target) ? 'udp6' : 'udp4');
  try {
    socket.connect(anyPort, target);
    await once(socket, 'connect');
    return socket.address().address;
  } finally {
    socket.close();
  }
}
