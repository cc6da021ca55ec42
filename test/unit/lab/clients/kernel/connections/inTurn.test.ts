import { expect, it } from 'vitest';
import type {
  ClientSocket,
  SocketFactory,
} from '../../../../../../lab/clients/kernel/connections/clientSocket.js';
import { inTurn } from '../../../../../../lab/clients/kernel/connections/inTurn.js';

it('opens the connections of several addresses in turn', () => {
  const opened: string[] = [];
  const at = (address: string): SocketFactory => ({
    name: `at ${address}`,
    nonBlockingConnect: true,
    open: ({ port }) => {
      opened.push(`${address} to ${port}`);
      return {} as ClientSocket;
    },
  });
  const client = inTurn(at('a'), at('b'), at('c'));
  for (const port of [1, 2, 3, 4]) client.open({ address: '10.0.0.9', port });
  expect(opened).toEqual(['a to 1', 'b to 2', 'c to 3', 'a to 4']);
  expect(client.name).toBe('at a');
  const alone = inTurn(at('a'));
  for (const port of [5, 6]) alone.open({ address: '10.0.0.9', port });
  expect(opened.slice(4)).toEqual(['a to 5', 'a to 6']);
});
