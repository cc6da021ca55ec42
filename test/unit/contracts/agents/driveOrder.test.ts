import { describe, expect, it } from 'vitest';
import { driveOrderSchema } from '../../../../src/contracts/agents/driveOrder.js';
import { readOrder } from '../../../../src/contracts/agents/readOrder.js';
import { orderOf } from './orders.js';

const read = (order: unknown) => readOrder(driveOrderSchema, JSON.stringify(order));
const client = (how: 'fin' | 'rst' | 'half-close', after = 0) => ({ first: 'client' as const, how, after });

describe('the order of a load', () => {
  it.each([
    ['as it is', orderOf()],
    ['from where the kernel likes', { ...orderOf(), source: undefined }],
    ['over IPv6', orderOf({ target: 'fd00::9', source: 'fd00::2', ports: [80, 8000] })],
    [
      'that uploads slowly, and opens again',
      orderOf({}, { requests: 3, upload: 65_536, rate: 32_768, idle: 5, ports: 'kernel', reopen: true }),
    ],
    ['whose client follows', orderOf({}, { every: 0.5, close: { first: 'server', how: 'fin', after: 2.5 } })],
    ['of a client that half-closes', orderOf({}, { close: client('half-close') })],
    ['of clients that block', orderOf({}, { connect: 'blocking', upload: 100 })],
  ])('is read %s', (_, order) => {
    expect(read(order)).toEqual(order);
  });

  it.each([
    ['no order', 7, 'the whole'],
    ['a member that nobody knows', { ...orderOf(), colour: 'red' }, 'colour'],
    ['a missing member', { ...orderOf(), timeout: undefined }, 'timeout: '],
    ['a host name', orderOf({ target: 'localhost' }), 'target: expected an IPv4 or IPv6 address'],
    ['two families', orderOf({ target: 'fd00::9' }), 'two families'],
    ['no ports', orderOf({ ports: [] }), 'ports: '],
    ['a port too high', orderOf({ ports: [80, 65_536] }), 'ports[1]: '],
    ['no time at all', orderOf({ timeout: 0 }), 'timeout: '],
    ['no connections', orderOf({}, { connections: 0 }), 'load.connections: '],
    ['half a connection', orderOf({}, { connections: 1.5 }), 'load.connections: '],
    ['less than no request', orderOf({}, { requests: -1 }), 'load.requests: '],
    ['a size with a unit', orderOf({}, { upload: '64KiB' as unknown as number }), 'load.upload: '],
    ['a download longer than the file', orderOf({}, { download: 1_073_741_825 }), 'load.download: '],
    ['a time before now', orderOf({}, { every: -1 }), 'load.every: '],
    ['a client that follows itself', orderOf({}, { close: client('fin', 2) }), 'load.close.after: '],
    ['an unknown close', orderOf({}, { close: client('politely' as 'fin') }), 'load.close.how: '],
    ['unknown local ports', orderOf({}, { ports: 'all' as 'own' }), 'load.ports: '],
    [
      'a half-close by the server',
      orderOf({}, { close: { first: 'server', how: 'half-close', after: 0 } }),
      'load.close.how: ',
    ],
    [
      'a reset by the server',
      orderOf({}, { close: { first: 'server', how: 'rst', after: 0 } }),
      'load.close.how: expected `fin` with `first: server`',
    ],
    ['a rate of nothing', orderOf({}, { rate: 1 }), 'load.rate: expected `upload` or `download`'],
    ['upload and download', orderOf({}, { upload: 1, download: 1 }), 'load.download: '],
    [
      'blocking clients of several requests',
      orderOf({}, { connect: 'blocking', requests: 2 }),
      'load.requests: ',
    ],
    ['blocking clients with a rate', orderOf({}, { connect: 'blocking', rate: 1 }), 'load.rate: '],
    ['blocking clients that idle', orderOf({}, { connect: 'blocking', idle: 1 }), 'load.idle: '],
    ['blocking clients that reopen', orderOf({}, { connect: 'blocking', reopen: true }), 'load.reopen: '],
  ])('is refused with %s', (_, order, where) => {
    expect(() => read(order)).toThrow(where);
  });

  it('is refused when it is no JSON', () => {
    expect(() => readOrder(driveOrderSchema, '--connections 10')).toThrow('JSON');
  });
});
