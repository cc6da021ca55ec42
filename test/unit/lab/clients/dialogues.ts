import type { LoadReport } from '../../../../src/evidence/model/loadReport.js';
import type { LoadPattern } from '../../../../src/contracts/agents/load.js';
import type { Closing } from '../../../../lab/clients/http/requests.js';
import type { SocketFactory } from '../../../../lab/clients/kernel/connections/clientSocket.js';
import { driveConnections } from '../../../../lab/clients/kernel/driveConnections.js';
import { LocalPorts } from '../../../../lab/clients/kernel/connections/localPorts.js';

/** One short request. */
export const pattern: LoadPattern = { requests: 1, upload: 0, download: 0, rate: 0, idle: 0 };

export const serverFirst: Closing = { first: 'server', how: 'fin', after: 0 };
export const clientFirst: Closing = { first: 'client', how: 'fin', after: 0 };
export const halfClose: Closing = { first: 'client', how: 'half-close', after: 0 };

/** Each test file's process starts somewhere else in the range, so that runs one after the other do not meet. */
let nextPort = 10_000 + (process.pid % 110) * 200;

/** Local ports that no other test of the file has; their first is told as well. */
export function freshPorts(): { readonly ports: LocalPorts; readonly first: number } {
  nextPort += 20;
  return { ports: new LocalPorts(nextPort), first: nextPort };
}

/** Opens `connections` at once, each with this end of the service, and waits for them, at most these seconds. */
export function driveAtOnce(
  client: SocketFactory,
  { host: address, port }: { readonly host: string; readonly port: number },
  connections: number,
  seconds = 5,
): Promise<LoadReport> {
  const load = { connections, every: 0, targets: [{ address, port }] };
  return driveConnections(client, load, AbortSignal.timeout(seconds * 1000), () => undefined);
}
