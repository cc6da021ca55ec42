import { describe, expect, it } from 'vitest';
import { AgentUsageError, parseArguments } from '../../../../../../lab/clients/kernel/arguments/arguments.js';

const drive = [
  'drive --target 10.0.0.9 --ports 80,8000 --source-address 10.0.0.2 --connections 10 --every 0.5',
  '--requests 1 --upload 0 --download 0 --rate 0 --idle 0 --connect non-blocking --local-ports own',
  '--first client --how rst --after 0 --timeout 30',
].join(' ');

const parse = (line: string) => parseArguments(line.split(' '));
/** The line with some options' values replaced. */
const having = (values: Record<string, string>) =>
  Object.entries(values).reduce(
    (line, [name, value]) => line.replace(new RegExp(`--${name} \\S+`), `--${name} ${value}`),
    drive,
  );

describe('parseArguments', () => {
  it('reads a drive', () => {
    expect(parse(drive)).toEqual({
      service: { host: '10.0.0.9', ports: [80, 8000] },
      sourceAddress: '10.0.0.2',
      connections: 10,
      every: 0.5,
      talk: { requests: 1, upload: 0, download: 0, rate: 0, idle: 0 },
      closing: { first: 'client', how: 'rst', after: 0 },
      connect: 'non-blocking',
      localPorts: 'own',
      reopen: false,
      timeoutSeconds: 30,
    });
  });

  it('reads what is said, from where, and the flag', () => {
    const line = having({
      requests: '3',
      upload: '65536',
      rate: '32768',
      idle: '5',
      'local-ports': 'kernel',
    });
    expect(parse(`${line} --reopen`)).toMatchObject({
      talk: { requests: 3, upload: 65_536, download: 0, rate: 32_768, idle: 5 },
      localPorts: 'kernel',
      reopen: true,
    });
  });

  it('reads how long a client follows behind the server', () => {
    expect(parse(having({ first: 'server', how: 'fin', after: '2.5' })).closing.after).toBe(2.5);
  });

  it('reads IPv6 addresses', () => {
    const line = having({ target: 'fd00::9', 'source-address': 'fd00::2' });
    expect(parse(line)).toMatchObject({ service: { host: 'fd00::9' }, sourceAddress: 'fd00::2' });
  });

  it('reads a blocking client that uploads', () => {
    expect(parse(having({ connect: 'blocking', upload: '100' })).connect).toBe('blocking');
  });

  it.each([
    ['no command', '', 'drive'],
    ['an unknown command', drive.replace('drive', 'walk'), 'walk'],
    ['an unknown option', `${drive} --colour red`, '--colour'],
    ['a missing option', drive.replace('--how rst ', ''), '--how is required'],
    ['a flag with a value', `${drive} --reopen=yes`, '--reopen'],
    ['a host name', having({ target: 'localhost' }), '--target must be an IPv4 or IPv6 address'],
    ['two families', having({ target: 'fd00::9' }), 'two families'],
    ['no ports', having({ ports: ',' }), '--ports'],
    ['a port too high', having({ ports: '80,65536' }), '--ports must be a whole number from 1 to 65535'],
    ['no connections', having({ connections: '0' }), '--connections must be a whole number of at least 1'],
    ['half a connection', having({ connections: '1.5' }), '--connections'],
    ['no request', having({ requests: '0' }), '--requests'],
    ['a size with a unit', having({ upload: '64KiB' }), '--upload must be a whole number'],
    ['a download longer than the file', having({ download: '1073741825' }), '--download'],
    ['a time with an exponent', having({ every: '1e3' }), '--every must be a number'],
    ['no time at all', having({ timeout: '0' }), '--timeout must be a number above 0'],
    ['a client that follows itself', having({ after: '2' }), '--after is for a client that follows'],
    ['an unknown close', having({ how: 'politely' }), 'politely'],
    ['unknown local ports', having({ 'local-ports': 'all' }), '--local-ports must be own or kernel'],
    ['a half-close by the server', having({ first: 'server', how: 'half-close' }), 'half-close'],
    ['upload and download', having({ upload: '1', download: '1' }), '--upload and --download'],
    ['a blocking client of several requests', having({ connect: 'blocking', requests: '2' }), 'blocking'],
    ['a blocking client with a rate', having({ connect: 'blocking', rate: '1' }), 'blocking'],
    ['a blocking client that idles', having({ connect: 'blocking', idle: '1' }), 'blocking'],
    ['a blocking client that reopens', `${having({ connect: 'blocking' })} --reopen`, 'blocking'],
  ])('refuses %s', (_, line, word) => {
    const reading = () => parse(line);
    expect(reading).toThrow(AgentUsageError);
    expect(reading).toThrow(word);
  });
});
