import type { DriveOrder } from '../../../../src/contracts/agents/driveOrder.js';
import type { Load } from '../../../../src/contracts/agents/load.js';

/** An order that the load agent takes, with what a test says otherwise. */
export function orderOf(over: Partial<DriveOrder> = {}, load: Partial<Load> = {}): DriveOrder {
  return {
    target: '10.0.0.9',
    ports: [80],
    source: '10.0.0.2',
    load: {
      connections: 10,
      every: 0,
      requests: 1,
      upload: 0,
      download: 0,
      rate: 0,
      idle: 0,
      connect: 'non-blocking',
      ports: 'own',
      reopen: false,
      close: { first: 'server', how: 'fin', after: 0 },
      ...load,
    },
    timeout: 30,
    ...over,
  };
}
