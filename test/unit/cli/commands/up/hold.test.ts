import type { ChildProcess } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { HolderMessage } from '../../../../../src/cli/commands/up/childMessages.js';
import { Interruption } from '../../../../../src/cli/frame/interruption.js';
import type { Services } from '../../../../../src/cli/frame/services.js';
import { LabError } from '../../../../../src/support/errors.js';
import { FakeChild, fakeServices, folder, lvsLab, type Calls } from '../../harness.js';

const held = { scenario: 'close/server-first', runId: 'k3v9q2xa', nodes: ['client', 'director'] };

/** Services whose `up` starts `child`; `say` is what the child does then. */
function starting(child: FakeChild, say: () => void, argv: string[] = []): Services {
  return fakeServices({
    startDetached: (words) => {
      argv.push(...words);
      setImmediate(say);
      return child as unknown as ChildProcess;
    },
  });
}

const tell = (child: FakeChild, message: HolderMessage) => child.emit('message', message);

describe('lvs-lab up', () => {
  it('shows the progress of the process that holds the lab, and leaves it alone when the lab is up', async () => {
    const child = new FakeChild();
    const argv: string[] = [];
    const services = starting(
      child,
      () => {
        tell(child, { kind: 'event', event: { type: 'engine-note', message: 'took vm' } });
        tell(child, { kind: 'ready', held });
      },
      argv,
    );
    const { code, out, err } = await lvsLab(['up', '--engine', 'vm', '--kernel', 'debian:sid'], services);
    expect(code).toBe(0);
    expect(err).toContain('engine: took vm\n');
    expect(out).toContain('  lvs-lab shell client     # a shell there');
    expect(out).toContain('`lvs-lab down` removes it');
    expect(argv.join(' ')).toMatch(
      /^up \S+close\/server-first\.yaml --foreground --out \S+\/lab --engine vm --kernel debian:sid --accel auto --image auto$/,
    );
    expect(child).toMatchObject({ connected: false, unreferenced: true, killed: [] });
  });

  it.each([
    [['--engine', 'local', '--accel', 'kvm'], 'only a VM has an accelerator'],
    [['--engine', 'local', '--kernel', 'debian:sid'], 'a local engine has the kernel it has'],
  ])('refuses what the local engine has no use for: %j', async (options, message) => {
    const { code, err } = await lvsLab(['up', ...options], fakeServices());
    expect(code).toBe(5);
    expect(err).toContain(message);
  });

  it('fails as the lab did, after its cleanup', async () => {
    const child = new FakeChild();
    const services = starting(child, () => {
      tell(child, { kind: 'failed', text: 'error: no QEMU\n', exitCode: 2 });
      child.emit('exit', 2, null);
    });
    const { code, err } = await lvsLab(['up'], services);
    expect({ code, err }).toEqual({ code: 2, err: 'error: no QEMU\n' });
  });

  it('ends a holder that says what this program does not understand', async () => {
    const child = new FakeChild();
    const { code, err } = await lvsLab(
      ['up'],
      starting(child, () => child.emit('message', { kind: 'ready', held: { runId: 'x' } })),
    );
    expect(code).toBe(2);
    expect(err).toContain('expected the process that holds the lab to tell how it is, found something else');
    expect(err).toContain('unexpected contents at held.scenario: ');
    expect(child.killed).toEqual(['SIGTERM']);
  });

  it('says so when the holder dies without a word', async () => {
    const child = new FakeChild();
    const { code, err } = await lvsLab(
      ['up'],
      starting(child, () => child.emit('exit', null, 'SIGKILL')),
    );
    expect(code).toBe(2);
    expect(err).toContain('the process holding it ended (SIGKILL)');
    expect(err).toMatch(/hint: see \S+up\.log/);
  });

  it('takes an interrupted holder along and waits for its end', async () => {
    const child = new FakeChild();
    const controller = new AbortController();
    const services = starting(child, () => {
      controller.abort(new Interruption('SIGINT'));
      expect(child.killed).toEqual(['SIGTERM']);
      tell(child, { kind: 'failed', text: 'error: interrupted by SIGTERM\n', exitCode: 143 });
      child.emit('exit', 143, null);
    });
    const { code, err } = await lvsLab(['up'], services, { signal: controller.signal });
    expect({ code, err }).toEqual({ code: 130, err: 'error: interrupted by SIGINT\n' });
  });
});

describe('lvs-lab up --foreground', () => {
  it('brings up, holds, and removes the lab before the engine', async () => {
    const calls: Calls = [];
    const { code, out } = await lvsLab(['up', 'close/client-first', '--foreground'], fakeServices({}, calls));
    expect(code).toBe(0);
    expect(calls).toEqual([
      'open auto default auto auto',
      'raise close/client-first',
      'hold',
      'lab removed',
      'engine closed',
    ]);
    expect(out).toContain('close/client-first (');
  });

  it('tells the process that started it everything, and the terminal nothing', async () => {
    const messages: HolderMessage[] = [];
    const services = fakeServices();
    const eventful: Services = {
      ...services,
      openEngine: (request) => {
        request.emit({ type: 'engine-note', message: 'took vm' });
        return services.openEngine(request);
      },
    };
    const toParent = (message: unknown) => messages.push(message as HolderMessage);
    const { out, err } = await lvsLab(['up', '--foreground'], eventful, { toParent });
    expect(messages).toMatchObject([
      { kind: 'event', event: { message: 'took vm' } },
      { kind: 'ready', held: { scenario: 'close/server-first', nodes: ['client', 'director'] } },
    ]);
    expect(out + err).toBe('');
  });

  it('tells why there is no lab, with its exit code', async () => {
    const messages: HolderMessage[] = [];
    const services = fakeServices({ bringUpLab: () => Promise.reject(new LabError('rules refused')) });
    const toParent = (message: unknown) => messages.push(message as HolderMessage);
    const { code } = await lvsLab(['up', '--foreground'], services, { toParent });
    expect(code).toBe(2);
    expect(messages).toEqual([{ kind: 'failed', text: 'error: rules refused\n', exitCode: 2 }]);
  });

  it('ends well when it is told to stop while the lab is up', async () => {
    const controller = new AbortController();
    const services = fakeServices({
      holdSession: ({ signal }) => {
        controller.abort(new Interruption('SIGTERM'));
        return signal.aborted ? Promise.resolve() : Promise.reject(new Error('not told'));
      },
    });
    const { code, err } = await lvsLab(['up', '--foreground'], services, { signal: controller.signal });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});

describe('lvs-lab shell and down', () => {
  it('run a command in a node and end with its exit code', async () => {
    const calls: Calls = [];
    const { code } = await lvsLab(['shell', 'director', '--', 'ipvsadm', '-Lnc'], fakeServices({}, calls));
    expect(code).toBe(7);
    expect(calls).toEqual(['shell - director ipvsadm -Lnc']);
  });

  it('choose among several labs with --run', async () => {
    const calls: Calls = [];
    await lvsLab(['shell', '--run', 'abc', 'client'], fakeServices({}, calls));
    expect(calls).toEqual(['shell abc client ']);
    const down = await lvsLab(['down', '--run', 'abc']);
    expect(down).toMatchObject({ code: 0, out: 'close/server-first (abc) is gone\n' });
  });

  it('say so when no lab is up', async () => {
    const services = fakeServices({ stopSession: () => Promise.reject(new LabError('no lab is up')) });
    const { code, err } = await lvsLab(['down'], services, { cwd: folder() });
    expect({ code, err }).toEqual({ code: 2, err: 'error: no lab is up\n' });
  });
});
