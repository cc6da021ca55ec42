import type { SocketFactory } from './clientSocket.js';

/** One kind of client at several addresses: the first connection is of the first one, the next of the next, and so on in turn. */
export function inTurn(first: SocketFactory, ...others: readonly SocketFactory[]): SocketFactory {
  const all = [first, ...others];
  let opened = 0;
  return {
    name: first.name,
    nonBlockingConnect: first.nonBlockingConnect,
    open: (target) => {
      const client = all[opened % all.length] ?? first;
      opened += 1;
      return client.open(target);
    },
  };
}
