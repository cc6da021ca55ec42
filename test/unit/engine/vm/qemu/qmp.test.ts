import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { Qmp } from '../../../../../src/engine/vm/qemu/qmp.js';
import { LabError } from '../../../../../src/support/errors.js';
import { tempFolder } from '../../tempFolder.js';

interface Command {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What QEMU answers to a command after the negotiation; undefined closes the connection. */
type Answer = (command: Command) => object | undefined;

const greeting = {
  QMP: { version: { qemu: { micro: 22, minor: 2, major: 7 }, package: 'Debian' }, capabilities: ['oob'] },
};

/** A QEMU that speaks as much of its machine protocol as is needed. */
async function qemu(answer: Answer) {
  const socket = path.join(tempFolder(), 'qmp');
  const commands: Command[] = [];
  const connections: Socket[] = [];
  const server = createServer((connection) => {
    connections.push(connection);
    connection.write(`${JSON.stringify(greeting)}\r\n`);
    createInterface({ input: connection }).on('line', (line) => {
      const command = JSON.parse(line) as Command;
      commands.push(command);
      const reply = command.execute === 'qmp_capabilities' ? { return: {} } : answer(command);
      if (reply === undefined) connection.destroy();
      else connection.write(`${JSON.stringify(reply)}\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => {
    for (const connection of connections) connection.destroy();
    server.close();
  });
  const qmp = await Qmp.connect(socket);
  onTestFinished(() => {
    qmp.close();
  });
  return { qmp, commands, connections };
}

const errorOf = async (promise: Promise<unknown>): Promise<LabError> => {
  const error = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
};

describe('Qmp', () => {
  it('leaves the negotiation behind and gives what a command returns', async () => {
    const { qmp, commands } = await qemu(() => ({ return: { status: 'running' } }));
    expect(await qmp.execute('query-status')).toEqual({ status: 'running' });
    expect(commands).toEqual([
      { execute: 'qmp_capabilities', arguments: {} },
      { execute: 'query-status', arguments: {} },
    ]);
  });

  it('sends parameters', async () => {
    const { qmp, commands } = await qemu(() => ({ return: {} }));
    await qmp.execute('migrate', { uri: 'exec:cat > x' });
    expect(commands.slice(1)).toEqual([{ execute: 'migrate', arguments: { uri: 'exec:cat > x' } }]);
  });

  it('does not take an event for an answer', async () => {
    const { qmp, connections } = await qemu(() => {
      connections[0]?.write('{"event":"STOP","timestamp":{"seconds":1,"microseconds":2}}\r\n');
      return { return: 'answer' };
    });
    expect(await qmp.execute('stop')).toBe('answer');
  });

  it('rejects with QEMU’s own description, and can be used on', async () => {
    const { qmp } = await qemu(({ execute }) =>
      execute === 'cont'
        ? { return: {} }
        : { error: { class: 'CommandNotFound', desc: 'The command migratte has not been found' } },
    );
    expect((await errorOf(qmp.execute('migratte'))).message).toBe(
      'QEMU refused migratte: The command migratte has not been found',
    );
    expect(await qmp.execute('cont')).toEqual({});
  });

  it('rejects what waits when QEMU closes the connection, and everything after it', async () => {
    const { qmp } = await qemu(() => undefined);
    expect((await errorOf(qmp.execute('query-status'))).message).toBe('QEMU did not answer query-status');
    expect((await errorOf(qmp.execute('cont'))).message).toBe('QEMU did not answer cont');
  });

  it('gives an answer of the shape that is asked for, and rejects another', async () => {
    const { qmp } = await qemu(({ execute }) => ({
      return: execute === 'query-status' ? { status: 'running', running: true } : {},
    }));
    const shape = z.object({ status: z.string() });
    expect(await qmp.ask('query-status', shape)).toEqual({ status: 'running' });
    const error = await errorOf(qmp.ask('query-name', shape));
    expect(error.message).toBe('QEMU answered query-name in a way that is not known here');
    expect(error.cause).toMatchObject({ message: expect.stringContaining('at status: ') as string });
  });

  it.each(['not JSON', '{"neither":1}', '[]'])(
    'rejects what waits, and ends the connection, when QEMU says `%s`',
    async (line) => {
      const { qmp, connections } = await qemu(() => {
        connections[0]?.write(`${line}\r\n`);
        return { return: {} };
      });
      expect((await errorOf(qmp.execute('stop'))).message).toBe('QEMU did not answer stop');
      expect((await errorOf(qmp.execute('cont'))).cause).toMatchObject({
        message: expect.stringMatching(/^(expected JSON|unexpected contents)/) as string,
      });
    },
  );

  it('rejects when there is no socket', async () => {
    await expect(Qmp.connect(path.join(tempFolder(), 'qmp'))).rejects.toThrow('ENOENT');
  });
});
