import { describe, expect, it } from 'vitest';
import { observationsSchema } from '../../../../src/contracts/agents/observations.js';
import { readOrder } from '../../../../src/contracts/agents/readOrder.js';

describe('the observations of a blocking client', () => {
  it.each([
    '{"openedAt":1700000000.123456}',
    '{"connectSeconds":0.001000,"connected":true}',
    '{"error":"ECONNREFUSED","syscall":"connect"}',
    '{"clientClosed":"half-close"}',
  ])('are read as the program prints them: %s', (line) => {
    expect(readOrder(observationsSchema, line)).toEqual(JSON.parse(line));
  });

  it.each([
    ['{"connected":"yes"}', 'connected'],
    ['{"clientClosed":"shut"}', 'clientClosed'],
    ['{"bytesSent":-1}', 'bytesSent'],
  ])('are refused with the name of what is wrong: %s', (line, member) => {
    expect(() => readOrder(observationsSchema, line)).toThrow(`${member}: `);
  });
});
