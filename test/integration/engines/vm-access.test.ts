import { execa } from 'execa';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../../src/engine/port/port.js';
import { scratchRoot } from '../../../src/engine/lifetime/paths.js';
import { makeShape } from '../../../src/scenario/plan/shape.js';
import { runningVms } from '../support/commandLine.js';
import { shipped } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

let lab: Lab;
let socketPath: string;
beforeAll(async () => {
  const engine = await sharedEngine();
  const subnets = { lan: '198.18.7.0/24', front: '198.18.8.0/24' };
  lab = await engine.createLab(
    makeShape(await shipped('close/server-first'), { runId: 'access', lab: 1, subnets }),
  );
  if (lab.connection.kind !== 'socket') throw new Error('expected the VM to be reached at a socket');
  socketPath = lab.connection.socketPath;
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Asks the guest's Docker API for its version; resolves with the HTTP status. */
function ask(): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/version', agent: false, timeout: 20_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

/** What somebody else is told who connects: the words of the error, or `connected`. */
async function askAs(uid: number): Promise<string> {
  const program = `require('node:net').connect(process.argv[1], () => { console.log('connected'); process.exit(); }).on('error', ({ code }) => console.log(code))`;
  const { stdout } = await execa(process.execPath, ['-e', program, socketPath], { uid, gid: uid, cwd: '/' });
  return stdout;
}

describe("the VM's Docker API", () => {
  it('answers at a socket in the folder of the VM', async () => {
    expect(await ask()).toBe(200);
    expect(path.dirname(path.dirname(socketPath))).toBe(scratchRoot());
  });

  it('is out of reach for all but the user whose folder that is', async () => {
    for (const folder of [path.dirname(socketPath), scratchRoot()]) {
      const { mode, uid } = await stat(folder);
      expect([folder, mode & 0o777, uid]).toEqual([folder, 0o700, process.getuid?.()]);
    }
    // Whoever is root can be somebody else, and see.
    if (process.getuid?.() === 0) {
      expect(await askAs(65_534)).toBe('EACCES');
      expect(await askAs(0)).toBe('connected');
    }
  });

  it('is not at any port of this machine', async () => {
    const folder = path.dirname(socketPath);
    const [pid] = [...(await runningVms())].find(([, one]) => one === folder) ?? [];
    if (pid === undefined) throw new Error(`no QEMU has its sockets in ${folder}`);
    const mine = await socketsOf(pid);
    expect(mine.size).toBeGreaterThan(0);
    for (const name of ['tcp', 'tcp6', 'udp', 'udp6']) {
      const rows = (await readFile(`/proc/net/${name}`, 'utf8')).split('\n').slice(1);
      expect(rows.filter((row) => mine.has(row.trim().split(/\s+/)[9] ?? ''))).toEqual([]);
    }
  });
});

/** The inodes of a process's sockets. */
async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${String(pid)}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(path.join(folder, fd)).catch(() => '')),
  );
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
