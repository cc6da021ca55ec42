import { describe, expect, it } from 'vitest';
import { AgentUsageError, parseArguments } from '../../../lab/agent/arguments.js';

const drive =
  'drive --target 10.0.0.9:80 --source-address 10.0.0.2 --connections 10 --first client --how rst --timeout 30';

describe('parseArguments', () => {
  it('reads a drive', () => {
    expect(parseArguments(drive.split(' '))).toEqual({
      target: { host: '10.0.0.9', port: 80 },
      sourceAddress: '10.0.0.2',
      connections: 10,
      closing: { first: 'client', how: 'rst' },
      timeoutSeconds: 30,
    });
  });

  it.each([
    ['no command', '', 'drive'],
    ['an unknown command', drive.replace('drive', 'walk'), 'walk'],
    ['an unknown option', `${drive} --colour red`, '--colour'],
    ['a missing option', drive.replace('--how rst ', ''), '--how'],
    ['a target without a port', drive.replace(':80', ''), '--target'],
    ['no connections', drive.replace('--connections 10', '--connections 0'), '--connections'],
    ['half a connection', drive.replace('--connections 10', '--connections 1.5'), '--connections'],
    ['an unknown close', drive.replace('--how rst', '--how politely'), 'politely'],
    [
      'a half-close by the server',
      drive.replace('client --how rst', 'server --how half-close'),
      'half-close',
    ],
  ])('refuses %s', (_, line, word) => {
    const parse = () => parseArguments(line.split(' '));
    expect(parse).toThrow(AgentUsageError);
    expect(parse).toThrow(word);
  });
});
