// Usage: node --import tsx execInContainer.ts RUN-ID CONTAINER COMMAND...
// Runs a command in a container of the engine on which `lvs-lab up` holds a lab, with this process's standard input, output and error, and
// ends with its exit code. `lvs-lab shell` does the same for people, and gives a command no standard input unless that is a terminal.
import { connectDocker } from '../../src/engine/docker/connection.js';
import { readSession } from '../../src/engine/session.js';

const [runId, container = '', ...command] = process.argv.slice(2);
const { connection } = await readSession(runId);
const docker = await connectDocker(connection);
const exec = await docker
  .getContainer(container)
  .exec({ Cmd: command, AttachStdin: true, AttachStdout: true, AttachStderr: true });
const stream = await exec.start({ hijack: true, stdin: true });
docker.modem.demuxStream(stream, process.stdout, process.stderr);
// The command may have ended before it had read everything.
stream.on('error', () => undefined);
// Not its end: over TLS a connection cannot be closed by halves, and the command's output would be lost with it.
process.stdin.pipe(stream, { end: false });
await new Promise((resolve) => stream.once('end', resolve).once('close', resolve));
process.stdin.destroy();
const { ExitCode: code } = await exec.inspect();
process.exitCode = code ?? 1;
