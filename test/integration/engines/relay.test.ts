import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { connectDocker, dockerOverAgent } from '../../../src/engine/docker/connection.js';
import { factsOf } from '../../../src/engine/docker/identity.js';
import { runExec, startExec } from '../../../src/engine/docker/nodes/containerExec.js';
import { dockerExecs } from '../../../src/engine/docker/nodes/execStream.js';
import { staticBusybox } from '../../../src/engine/kernel/busybox.js';
import { DockerAgent } from '../../../src/engine/vm/relay/dockerAgent.js';
import { RelaySocket } from '../../../src/engine/vm/relay/relaySocket.js';
import { RelayStream } from '../../../src/engine/vm/relay/relayStream.js';
import { packTar } from '../../../src/support/files/tar.js';
import { tempFolder } from '../../unit/engine/tempFolder.js';
import { startRelay } from '../../unit/engine/vm/relay/guest.js';
import { localDocker } from '../support/localDocker.js';
import { quietProgress } from '../support/smallGuest.js';

const seconds = 60;

describe('a real Docker engine behind the relay', () => {
  it('runs commands, whose streams outlive the process that started them', async () => {
    await using engine = await localDocker();
    const socketPath = engine.host.slice('unix://'.length);
    const guest = await startRelay(socketPath);
    const relay = await guest.connect();
    const agent = new DockerAgent(relay);
    const docker = dockerOverAgent(agent);
    const busybox = {
      name: 'bin/busybox',
      content: await readFile(await staticBusybox(quietProgress)),
      mode: 0o755,
    };
    await text(await docker.importImage(Readable.from([await packTar([busybox])]), { repo: 'relay-test' }));
    const container = await docker.createContainer({
      Image: 'relay-test',
      Cmd: ['/bin/busybox', 'sleep', '600'],
      HostConfig: { NetworkMode: 'none' },
    });
    const direct = await connectDocker({ kind: 'socket', socketPath });
    await using _removal = {
      [Symbol.asyncDispose]: () => direct.getContainer(container.id).remove({ force: true }) as Promise<void>,
    };
    await container.start();

    const sum = 'while read -r line; do echo "got $line"; done; echo over';
    const inShell = { container: container.id, argv: ['/bin/busybox', 'sh', '-c', sum], stdin: true };
    const input = 'one\ntwo\n';
    const cat = await runExec(docker, container.id, ['/bin/busybox', 'head', '-c', '8'], { seconds, input });
    expect(cat).toEqual({ exitCode: 0, stdout: input, stderr: '' });
    // There is an end of input without an end of output.
    const running = await startExec(docker, dockerExecs(docker), inShell);
    running.stdin?.end(input);
    expect(await text(running.stdout)).toBe('got one\ngot two\nover\n');

    await using socket = await RelaySocket.listen(relay, path.join(tempFolder(), 'docker'));
    const other = await connectDocker({ kind: 'socket', socketPath: socket.path });
    expect(await factsOf(other)).toEqual(await factsOf(docker));

    const kept = await startExec(docker, dockerExecs(docker), inShell);
    kept.stdin?.write('before\n');
    for await (const piece of kept.stdout) {
      expect(String(piece)).toBe('got before\n');
      break;
    }
    agent.destroy();
    await relay.quiet();
    const stream: unknown = kept.stdin;
    if (!(stream instanceof RelayStream)) throw new TypeError('expected a stream of the relay');
    relay.close();

    const next = await guest.connect({ nextStream: relay.nextStream });
    const adopted = next.adopt(stream.id);
    await next.resume();
    adopted.end('after\n');
    expect(await text(adopted)).toContain('got after\n');
    await expect(kept.done).rejects.toThrow();
  });
});
