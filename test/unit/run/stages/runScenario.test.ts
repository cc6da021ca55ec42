import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readScenarioEvidence } from '../../../../src/evidence/directory/read.js';
import { loadScenario } from '../../../../src/scenario/file/loadScenario.js';
import { LabError } from '../../../../src/support/errors.js';
import { judge } from '../../../../src/verdict/judge.js';
import { inFolder, minimal } from '../../scenario/scenarioFile.js';
import { command, ok, recorded, type Call } from '../fakeEngine.js';
import { brokenBy, recordedScenario, run, runAll } from '../running.js';

const never = new Promise<never>(() => undefined);
const failed = Promise.resolve({
  ...ok,
  exitCode: 1,
  stderr: '@@ step rules\niptables-restore: line 9 failed',
});

describe('a scenario on nodes that say what real ones said', () => {
  it('passes: ten connections blocked by the director’s ICMP 3/10, none in the control run', async () => {
    const { result } = await run();
    expect(result.error?.stack).toBeUndefined();
    expect(result.verdict).toMatchObject({
      result: 'pass',
      control: { outcome: 'healthy', numbers: { connections: 10, fates: { healthy: 10 } } },
      measured: {
        outcome: 'close-blocked',
        signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
        numbers: {
          connections: 10,
          fates: { 'close-blocked': 10 },
          sockets: {
            client: { 'LAST-ACK': 10 },
            realserver1: { 'FIN-WAIT-2': 5 },
            realserver2: { 'FIN-WAIT-2': 5 },
          },
        },
      },
    });
  });

  it('says how much of its time both its labs waited for what was made for later ones, too', async () => {
    expect((await run({ preparationSeconds: 20 })).result.preparationSeconds).toBe(40);
    expect((await run()).result.preparationSeconds).toBe(0);
  });

  it('fails when something else was expected', async () => {
    const { result } = await run({}, { expect: 'healthy' });
    expect(result.verdict?.result).toBe('fail');
  });

  it('goes through its stages in order and removes both labs before it ends', async () => {
    const { events, calls } = await run();
    const stages = events.flatMap((event) => (event.type === 'stage-started' ? [event.stage] : []));
    expect(stages).toEqual([
      'topology',
      'configure',
      'ready',
      'control',
      'fresh',
      'configure',
      'rules',
      'measured',
      'judge',
    ]);
    expect(events.map(({ type }) => type).filter((type) => !type.startsWith('stage-'))).toEqual([
      'run-started',
      'scenario-started',
      'scenario-finished',
      'run-finished',
    ]);
    expect(calls[0]).toBe('lab created');
    expect(calls.at(-1)).toBe('lab removed');
    const first = (call: string): number => calls.indexOf(call);
    expect(first('director setup')).toBeLessThan(first('client ready'));
    expect(first('client ready')).toBeLessThan(first('client drive'));
    expect(first('client drive')).toBeLessThan(first('director rules'));
    expect(first('director rules')).toBeLessThan(calls.lastIndexOf('client drive'));
    // The measured run is in a lab in which nobody has asked for anything.
    const fresh = calls.lastIndexOf('lab created');
    expect(calls.indexOf('lab removed')).toBeLessThan(fresh);
    expect(calls.slice(fresh).filter((call) => call === 'client ready')).toEqual([]);
    expect(fresh).toBeLessThan(first('director rules'));
    // Only the director has rules, and the control run must have none.
    expect(calls.filter((call) => call.endsWith('rules'))).toEqual(['director rules']);
  });

  it('drives only when every sampler has given a sample and every capture listens', async () => {
    const { calls } = await run();
    const drive = calls.indexOf('client drive');
    const started = calls.filter((call, index) => index < drive && /sampler|capture/.test(call));
    expect(started.sort()).toEqual([
      'client capture',
      'client sampler',
      'director capture',
      'director sampler',
      'realserver1 sampler',
      'realserver2 sampler',
    ]);
  });

  it('waits for the first sample and for the capture to listen', async () => {
    const order: string[] = [];
    const late = async (what: string): Promise<void> => {
      await sleep(30);
      order.push(what);
    };
    const { result } = await run({
      listening: ({ node, lab }) => (node === 'director' && lab === 1 ? late('listens') : undefined),
      sampling: ({ node, phase }, write) => {
        if (node !== 'realserver1' || phase !== 'control') return undefined;
        const samples = readFileSync(path.join(recorded, phase, 'realserver1.samples'));
        void late('samples').then(() => {
          write(samples);
        });
        return () => undefined;
      },
      drive: () => {
        order.push('drive');
        return undefined;
      },
    });
    expect(order.slice(0, 2).sort()).toEqual(['listens', 'samples']);
    expect(order.slice(2)).toEqual(['drive', 'drive']);
    expect(result.verdict?.result).toBe('pass');
  });

  it('keeps the evidence byte for byte, from which the same verdict follows again', async () => {
    const { result, directory } = await run();
    for (const phase of ['control', 'measured'])
      for (const name of ['client.samples', 'director.pcap', 'realserver2.final'])
        expect(readFileSync(path.join(directory, phase, name)), name).toEqual(
          readFileSync(path.join(recorded, phase, name)),
        );
    for (const name of ['nodes.json', 'scenario.yaml'])
      expect(readFileSync(path.join(directory, name), 'utf8')).toBe(
        readFileSync(path.join(recorded, name), 'utf8'),
      );
    expect(JSON.parse(readFileSync(path.join(directory, 'control', 'phase.json'), 'utf8'))).toMatchObject({
      phase: 'control',
      settled: true,
      how: 'closed-down',
    });
    const written = JSON.parse(readFileSync(path.join(directory, 'verdict.json'), 'utf8')) as unknown;
    expect(written).toEqual(JSON.parse(JSON.stringify(result.verdict)));
    expect(judge(result.verdict!.expected, await readScenarioEvidence(directory))).toEqual(result.verdict);
  });

  it('keeps rule files as they were read, in the manifest, and the scenario can be run from there', async () => {
    const files = { 'site/mine.yaml': `${minimal}director: { rules: { file: ../r/my.iptables } }\n` };
    const rules = '*filter\n-A INPUT -j DROP\nCOMMIT\n';
    const { record, hash } = await inFolder({ ...files, 'r/my.iptables': rules }, (folder) =>
      loadScenario(path.join(folder, 'site/mine.yaml')),
    );
    const { results, directory } = await runAll({}, {}, (scenario) => [{ ...scenario, record, hash }]);
    expect(results[0]?.verdict?.result).toBe('pass');
    const again = await loadScenario(path.join(directory, 'scenario.yaml'));
    expect(again.hash).toBe(results[0]?.hash);
    expect(again.roles.director.rules).toBe(rules);
    const copy = path.join(directory, 'rules', 'my.iptables');
    expect(readFileSync(copy, 'utf8')).toBe(rules);
    writeFileSync(copy, rules.replace('DROP', 'ACCEPT'));
    const edited = judge(results[0]!.verdict!.expected, await readScenarioEvidence(directory));
    expect(edited.result).toBe('inconclusive');
    expect(edited.reasons.join('\n')).toContain('rules/my.iptables: it has');
  });

  it('is inconclusive when no packet comes through, and names the rules that may be to blame', async () => {
    const report = '{"ready":false,"answered":["realserver1"]}';
    const hostRules = [
      'table bridge meddler {',
      '\tchain forward {',
      '\t\ttype filter hook forward priority 0; policy accept;',
      '\t\ttcp flags fin counter packets 12 bytes 624 drop',
      '\t}',
      '}',
    ].join('\n');
    const unreachable = readFileSync(path.join(recorded, 'measured', 'load.json'), 'utf8');
    const { result, directory, calls } = await run({
      hostRules,
      // What the control run shows then is the recorded bug: not healthy.
      exec: ({ node, what, phase }) => {
        if (what === 'ready') return Promise.resolve({ exitCode: 1, stdout: report, stderr: '' });
        return what === 'collect' && phase === 'control'
          ? Promise.resolve({
              ...ok,
              stdout: readFileSync(path.join(recorded, 'measured', `${node}.final`), 'utf8'),
            })
          : undefined;
      },
      drive: () => Promise.resolve({ ...ok, stdout: unreachable }),
    });
    expect(result.verdict?.result).toBe('inconclusive');
    const reasons = result.verdict?.reasons.join('\n') ?? '';
    expect(reasons).toContain('The measured run never took place');
    expect(reasons).toContain(
      "In the engine's own network namespace, table bridge meddler has in chain forward the rule `tcp flags fin drop` (12 packets).",
    );
    expect(calls.some((call) => call.endsWith('rules'))).toBe(false);
    const noted = JSON.parse(readFileSync(path.join(directory, 'not-ready.json'), 'utf8')) as unknown;
    expect(noted).toEqual({
      message: expect.stringMatching(/no packet came through.*198\.18\.\d+\.100, port 80$/) as string,
      probe: report,
    });
  });

  it('is inconclusive, not broken, when the sockets never come to rest', async () => {
    // The control run's samples stop before the measured load ended: nothing shows what became of it.
    const stale = readFileSync(path.join(recorded, 'control', 'realserver1.samples'));
    const { result, directory } = await run({
      sampling: ({ node, phase }, write) => {
        if (node !== 'realserver1' || phase !== 'measured') return undefined;
        write(stale);
        return () => undefined;
      },
    });
    expect(result.verdict?.result).toBe('inconclusive');
    const phase = JSON.parse(readFileSync(path.join(directory, 'measured', 'phase.json'), 'utf8')) as unknown;
    expect(phase).toMatchObject({ settled: false, why: 'realserver1 has no sample from after the load yet' });
  });
});

describe('a scenario that breaks', () => {
  it('shows the line of the rules that iptables refuses, and what it said', async () => {
    const said = [
      '@@ step sysctls',
      '@@ step rules',
      'iptables-restore v1.8.9 (nf_tables): unknown option "--dprot"',
      'Error occurred at line: 8',
      "Try `iptables-restore -h' or 'iptables-restore --help' for more information.",
    ].join('\n');
    const broken = await run({
      exec: ({ what }) =>
        what === 'rules' ? Promise.resolve({ exitCode: 2, stdout: '', stderr: said }) : undefined,
    });
    const error = brokenBy(broken);
    const text = (await recordedScenario()).roles.director.rules!.split('\n')[7]!;
    expect(error.message).toMatch(
      /^\S*scenario\.yaml:\d+:5: iptables-restore v1\.8\.9 \(nf_tables\): unknown option "--dprot" \(rules of director\): `-A INPUT -p tcp -m state -m tcp --dport 80 --state NEW -j ACCEPT`$/,
    );
    expect(text).toContain('--dport 80 --state NEW -j ACCEPT');
    const [, line] = /:(\d+):5: /.exec(error.message) ?? [];
    const file = readFileSync(path.join(broken.directory, 'scenario.yaml'), 'utf8').split('\n');
    expect(file[Number(line) - 1]?.trim()).toBe(text);
    expect([error.name, error.exitCode]).toEqual(['RulesError', 5]);
    // What was measured until then stays.
    expect(existsSync(path.join(broken.directory, 'control', 'client.pcap'))).toBe(true);
    expect(existsSync(path.join(broken.directory, 'measured'))).toBe(false);
  });

  it('finds the line also in the message of a rule that the kernel refuses', async () => {
    const said = '@@ step rules\niptables-restore: line 9 failed';
    const error = brokenBy(
      await run({
        exec: ({ what }) =>
          what === 'rules' ? Promise.resolve({ exitCode: 1, stdout: '', stderr: said }) : undefined,
      }),
    );
    expect(error.message).toMatch(/:5: iptables-restore: line 9 failed .*: `-A INPUT -j REJECT/);
  });

  it('names the setup command that failed, and does not hide it behind a cleanup that fails too', async () => {
    const broken = await run({
      exec: ({ node, what }) =>
        node === 'director' && what === 'setup'
          ? Promise.resolve({
              exitCode: 255,
              stdout: '',
              stderr: '+ ipvsadm -A -t ...\nMemory allocation problem\n',
            })
          : undefined,
      dispose: () => Promise.reject(new Error('the engine is busy')),
    });
    const error = brokenBy(broken);
    expect(error.message).toBe('director could not set itself up: exit code 255');
    expect(error.details).toContain('Memory allocation problem');
    expect(error.details).toMatch(/^\$ sh -exc /);
  });

  it('gives the error of a lab that cannot be created', async () => {
    const { result, calls } = await run({
      createLab: () => Promise.reject(new LabError('could not create the network')),
    });
    expect(result.error?.message).toBe('could not create the network');
    expect(calls).toEqual(['lab created']);
  });

  it('shows why a sampler did not start', async () => {
    const error = brokenBy(
      await run({
        start: ({ node, what }) => {
          if (node !== 'realserver2' || what !== 'sampler') return undefined;
          const running = command('', 'sh: 1: ss: not found\n');
          running.end(127);
          return running;
        },
      }),
    );
    expect(error.message).toBe(
      "realserver2's sampler ended with exit code 127, expected it to go on recording",
    );
    expect(error.details).toBe('sh: 1: ss: not found');
  });

  it('does not go on when a sampler dies in mid-run, and keeps what it wrote', async () => {
    const said = "sampler: 'ss -Htan' ended with exit code 1\n";
    const samples = readFileSync(path.join(recorded, 'control', 'client.samples'));
    const dying = command(samples.subarray(0, 300), said);
    const broken = await run({
      start: ({ node, what }) => (node === 'client' && what === 'sampler' ? dying : undefined),
      drive: () => {
        dying.end(1);
        return undefined;
      },
    });
    const error = brokenBy(broken);
    expect(error.message).toBe("client's sampler ended with exit code 1, expected it to go on recording");
    expect(error.details).toBe(said.trim());
    expect(readFileSync(path.join(broken.directory, 'control', 'client.samples'))).toEqual(
      samples.subarray(0, 300),
    );
  });

  it.each([
    ['is no block', '@@ ss 1.5\n@@ end\n@@ nonsense\n'],
    ['no listing of sockets has', '@@ ss 1.5\n@@ end\n@@ ss 2.5\nwhat is this?\n@@ end\n'],
  ])('says so when a sampler writes what %s', async (_, output) => {
    const error = brokenBy(
      await run({
        start: ({ node, what }) => (node === 'client' && what === 'sampler' ? command(output) : undefined),
      }),
    );
    expect(error.message).toBe("client's sampler wrote what cannot be read");
    expect(error.details).toMatch(/nonsense|what is this/);
  });

  it('names the deadline to raise when clients did not start in time', async () => {
    const said = 'the 4 clients (blocking sockets of Perl) had not started within 10 s';
    const stderr = `@@ started 1\n${said}\n`;
    const late = await run({ drive: () => Promise.resolve({ exitCode: 3, stdout: '', stderr }) });
    const error = brokenBy(late);
    expect(error.message).toBe(said);
    expect(error.hint).toContain('`deadlines.drive`');
    expect(error.hint).toContain('`--lanes 1`');
  });

  it('shows what the load agent said when it fails, and keeps what it wrote', async () => {
    const broken = await run({
      drive: () => Promise.resolve({ exitCode: 2, stdout: '', stderr: 'Error: EMFILE\n' }),
    });
    const error = brokenBy(broken);
    expect(error.message).toBe("the client's load agent gave up with code 2");
    expect(error.details).toMatch(
      /^\$ node \/lab\/agent\.cjs drive .*\n@@ connected \d+\.\d+\nError: EMFILE$/,
    );
    expect(readFileSync(path.join(broken.directory, 'control', 'load.json'), 'utf8')).toBe('');
  });

  it('says what is wrong with a report of the load agent that cannot be read', async () => {
    const error = brokenBy(
      await run({
        drive: () => Promise.resolve({ ...ok, stdout: '{}' }),
      }),
    );
    expect(error.message).toContain('Unexpected contents at agent');
  });

  it('says what could not be collected', async () => {
    const error = brokenBy(
      await run({
        exec: ({ node, what }) =>
          node === 'realserver1' && what === 'collect'
            ? Promise.resolve({ exitCode: 126, stdout: 'OCI runtime exec failed', stderr: '' })
            : undefined,
      }),
    );
    expect(error.message).toBe('realserver1 could not print the final counters: exit code 126');
    expect(error.details).toContain('OCI runtime exec failed');
  });

  it.each([
    [
      'measured',
      'measured/: manifest.json has none of its files: the run was killed, or broke, before measured/',
    ],
    [
      'control',
      'control/: manifest.json has none of its files: the run was killed, or broke, before control/',
    ],
  ] as const)('in the %s phase leaves evidence that says so', async (broken, sentence) => {
    const { directory } = await run({
      exec: ({ node, what, phase }) =>
        node === 'realserver1' && what === 'collect' && phase === broken
          ? Promise.resolve({ exitCode: 137, stdout: '', stderr: '' })
          : undefined,
    });
    const { result, reasons } = judge(
      { outcome: 'close-blocked', signal: undefined },
      await readScenarioEvidence(directory),
    );
    expect(result).toBe('inconclusive');
    expect(reasons.join('\n')).toContain(sentence);
    expect(reasons.join('\n').includes('control/')).toBe(broken === 'control');
  });

  it('between the phases leaves a control run that is whole', async () => {
    const { directory } = await run({
      exec: ({ what }) =>
        what === 'rules' ? Promise.resolve({ exitCode: 137, stdout: '', stderr: '' }) : undefined,
    });
    const evidence = await readScenarioEvidence(directory);
    expect(judge({ outcome: 'healthy', signal: undefined }, evidence)).toMatchObject({
      result: 'inconclusive',
      reasons: ['The measured run never took place.'],
      control: { outcome: 'healthy', unsound: [] },
    });
  });

  it('ends at once when its lab is lost in mid-run', async () => {
    let lose!: (error: Error) => void;
    const lost = new Promise<never>((_, reject) => (lose = reject));
    const broken = await run({
      lost: () => lost,
      drive: () => {
        lose(new LabError('QEMU was killed by SIGKILL'));
        return never;
      },
    });
    expect(broken.result.error?.message).toBe('QEMU was killed by SIGKILL');
    expect(broken.events.some(({ type }) => type === 'scenario-broke')).toBe(true);
  });

  it('tells of the lost lab rather than of the command that broke with it', async () => {
    let lose!: (error: Error) => void;
    const lost = new Promise<never>((_, reject) => (lose = reject));
    const { result } = await run({
      lost: () => lost,
      drive: () => {
        setTimeout(() => {
          lose(new LabError('QEMU was killed by SIGKILL'));
        }, 20);
        return Promise.reject(new LabError('the connection to the engine ended before the command did'));
      },
    });
    expect(result.error?.message).toBe('QEMU was killed by SIGKILL');
  });

  const stoodStill = (error: unknown): Error =>
    new LabError(`the guest's kernel was in trouble: BUG: soft lockup; after that, ${String(error)}`);

  it.each([
    ['a command that failed', { exec: ({ what }: Call) => (what === 'collect' ? failed : undefined) }],
    ['a lab that was lost', { lost: () => Promise.reject(new LabError('QEMU was killed')) }],
  ])('tells of what the kernel complained of before %s', async (_, script) => {
    const { result } = await run({ ...script, withComplaint: stoodStill });
    expect(result.error?.message).toMatch(
      /^the guest's kernel was in trouble: BUG: soft lockup; after that, /,
    );
  });

  it('does not blame the kernel for rules that are refused, nor for a lab that is sound', async () => {
    const exec = ({ what }: Call) => (what === 'rules' ? failed : undefined);
    expect((await run({ exec, withComplaint: stoodStill })).result.error).toMatchObject({
      name: 'RulesError',
      message: expect.not.stringContaining('kernel was in trouble') as unknown,
    });
    expect((await run({ withComplaint: stoodStill })).result).toMatchObject({ verdict: { result: 'pass' } });
  });

  it.each(['setup', 'ready', 'drive', 'collect'] as const)(
    'stops and cleans up when told to during %s',
    async (when) => {
      const stop = new AbortController();
      const reason = new LabError('interrupted by SIGINT');
      const stopThere = ({ node, what }: Call) => {
        if (what !== when || (node !== 'client' && node !== 'director')) return undefined;
        stop.abort(reason);
        return never;
      };
      const interrupted = await run({ exec: stopThere, drive: stopThere }, { signal: stop.signal });
      expect(brokenBy(interrupted)).toBe(reason);
      expect(interrupted.calls.at(-1)).toBe('lab removed');
    },
  );
});

describe('cleanup', () => {
  it('that fails is reported and leaves the verdict as it is', async () => {
    const { result, events } = await run({
      dispose: () => Promise.reject(new Error('network has active endpoints')),
    });
    expect(result.verdict?.result).toBe('pass');
    const problems = events.flatMap((event) => (event.type === 'cleanup-problem' ? [event] : []));
    expect(problems.map(({ what, error }) => `${what}: ${error.message}`)).toEqual([
      'the lab of close/server-first: network has active endpoints',
      'the lab of close/server-first: network has active endpoints',
    ]);
    expect((await run({})).events.map(({ type }) => type)).not.toContain('cleanup-problem');
  });

  it('comes after whoever wants to look around has done so', async () => {
    const order: string[] = [];
    const dispose = (lab: number): Promise<void> => {
      order.push(`lab ${lab} removed`);
      return Promise.resolve();
    };
    const { result } = await run(
      { dispose },
      {
        hold: (lab) => {
          order.push(`held ${lab.plan.scenario}`);
          return Promise.resolve();
        },
      },
    );
    expect(order).toEqual(['lab 1 removed', 'held close/server-first', 'lab 2 removed']);
    expect(result.verdict?.result).toBe('pass');
  });

  it('lets somebody look around in a lab that failed, and not in one that was interrupted', async () => {
    let held = 0;
    const hold = (): Promise<void> => {
      held++;
      return Promise.resolve();
    };
    const failing = {
      exec: ({ what }: { what: string }) =>
        what === 'setup' ? Promise.resolve({ ...ok, exitCode: 1 }) : undefined,
    };
    brokenBy(await run(failing, { hold }));
    expect(held).toBe(1);
    const stop = new AbortController();
    const aborting = {
      exec: ({ what }: { what: string }) => {
        if (what === 'ready') stop.abort(new LabError('interrupted'));
        return undefined;
      },
    };
    brokenBy(await run(aborting, { hold, signal: stop.signal }));
    expect(held).toBe(1);
  });
});
