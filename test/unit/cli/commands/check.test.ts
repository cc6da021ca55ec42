import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDocumentSchema } from '../../../../src/report/check/document/predictionDocument.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { fakeServices, folder, lvsLab, result } from '../harness.js';
import { nested } from '../matrices.js';
import { blocked, blockedFate, failed, healthy, passed } from '../../report/samples.js';
import { LabError } from '../../../../src/support/errors.js';
import { Interruption } from '../../../../src/cli/frame/interruption.js';
import type { EndingSignal } from '../../../../src/contracts/words/processSignals.js';
import type { Services } from '../../../../src/cli/frame/services.js';
import type { Outcome } from '../../../../src/contracts/words/outcomes.js';

const site = (name: string) => join(packageRoot, 'test/fixtures/sites', name);
const files = (name: string) => ['iptables.save', 'ipvsadm.save'].map((file) => join(site(name), file));

describe('lvs-lab check', () => {
  it('names the outcome, the line to blame and the way it was found, and ends with 1', async () => {
    const { code, out } = await lvsLab(['check', '--predict', ...files('mangle-invalid')]);
    expect(code).toBe(1);
    expect(out).toContain('192.0.2.10:80/tcp to 10.0.0.11, 10.0.0.12 (DR)\n  close-blocked: ');
    expect(out).toMatch(
      /iptables\.save:3 \(mangle PREROUTING, DROP\) takes FIN; FIN with data; RST; RST,ACK/,
    );
    expect(out).toMatch(/\npredicted from the rules; not run\n$/);
  });

  it('ends with 0 where all is well', async () => {
    const { code, out } = await lvsLab(['check', '--predict', ...files('port-without-state')]);
    expect(code).toBe(0);
    expect(out).toContain('healthy: connections open, talk and close');
  });

  it('ends with 3 where a line keeps it from being told, and names that', async () => {
    const { code, out } = await lvsLab(['check', '--predict', ...files('hashlimit-in-front')]);
    expect(code).toBe(3);
    expect(out).toMatch(/unknown because of \S+iptables\.save:4: `-m hashlimit .*`: it counts/);
  });

  it('takes a folder, and what is said of interfaces', async () => {
    const unsaid = await lvsLab(['check', '--predict', site('interface-not-said')]);
    expect(unsaid.code).toBe(3);
    expect(unsaid.out).toMatch(/\n {2}no file says which: give what .* print, or --in INTERFACE\n/);
    expect((await lvsLab(['check', '--predict', site('interface-not-said'), '--in', 'bond0.100'])).code).toBe(
      0,
    );
    expect((await lvsLab(['check', '--predict', site('interface-not-said'), '--in', 'bond0.200'])).code).toBe(
      1,
    );
    const { code, out } = await lvsLab([
      'check',
      '--predict',
      site('interface-not-said'),
      '--in',
      'bond0.300',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('unreachable: ');
    expect(out).not.toContain('no file says which');
  });

  it('asks about some clients only', async () => {
    const whitelist = site('ipset-whitelist');
    expect((await lvsLab(['check', '--predict', whitelist, '--client', '198.51.100.77'])).code).toBe(0);
    expect((await lvsLab(['check', '--predict', whitelist, '--client', '198.51.101.77'])).code).toBe(1);
  });

  it('takes a service that is in no file', async () => {
    const [rules = ''] = files('port-without-state');
    expect((await lvsLab(['check', '--predict', rules, '--service', '192.0.2.10:80'])).code).toBe(0);
    expect((await lvsLab(['check', '--predict', rules, '--service', '192.0.2.10:81'])).code).toBe(1);
    const { code, err } = await lvsLab(['check', '--predict', rules]);
    expect(code).toBe(5);
    expect(err).toContain('expected services: what `ipvsadm -Sn` prints');
  });

  it('gives the same as JSON, as its schema says', async () => {
    const { code, out } = await lvsLab(['check', '--predict', '--json', site('negations')]);
    const { services, exitCode } = checkDocumentSchema.parse(JSON.parse(out));
    expect(exitCode).toBe(code);
    expect(services.map(({ outcome }) => outcome)).toEqual(['close-blocked']);
  });

  it('tells everything that it does not understand at once, and ends with 5', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'a.save'), '*filter\nIF=eth0\n-A INPUT -j ACCEPT\nset -e\nCOMMIT\n');
    writeFileSync(join(cwd, 'b.save'), '-A -t www.example.com:http -s rr\n');
    writeFileSync(join(cwd, 'c.txt'), 'Dear all,\n');
    const { code, err } = await lvsLab(['check', '--predict', 'a.save', 'b.save', 'c.txt'], undefined, {
      cwd,
    });
    expect(code).toBe(5);
    for (const place of ['a.save:2', 'a.save:4', 'b.save:1', 'c.txt:1']) expect(err).toContain(`${place}: `);
    expect((await lvsLab(['check', '--predict', 'gone.save'], undefined, { cwd })).err).toContain(
      'gone.save: ',
    );
  });
});

/** A lab in which the connection to each port comes to what is said of the port; of the site itself, or of it with its first cure, and so on. */
function labOf(
  site: Readonly<Record<number, Outcome>>,
  ...cured: Readonly<Record<number, Outcome>>[]
): Services {
  return fakeServices({
    runScenarios: ({ jobs, out }) =>
      Promise.resolve(
        jobs.map((job) => {
          // The best cure is in the site's own run, others are in runs of their own.
          const cure =
            /(?:^|\/)cure(\d+)(?:\/|$)/.exec(job.name)?.[1] ?? /\/cure(\d+)(?:\/|$)/.exec(out)?.[1];
          const outcomes = cure === undefined ? site : (cured[Number(cure) - 1] ?? site);
          const directory = join(out, job.name.replace('/', '-'));
          mkdirSync(join(directory, 'measured'), { recursive: true });
          const ports = Object.keys(outcomes).map(Number);
          writeFileSync(join(directory, 'measured/load.json'), JSON.stringify(loadReport(ports)));
          const connections = ports.map((port) => ({
            ...blockedFate,
            client: `203.0.113.7:${10_000 + port}`,
            fate: outcomes[port] ?? 'healthy',
          }));
          const isHealthy = Object.values(outcomes).every((outcome) => outcome === 'healthy');
          const verdict = isHealthy
            ? { ...passed, measured: { ...healthy, connections } }
            : { ...failed, measured: { ...blocked, connections } };
          return result({ directory, verdict }, job);
        }),
      ),
  });
}

const loadReport = (ports: readonly number[]) => ({
  agent: 'test',
  nonBlockingConnect: true,
  requested: ports.length,
  startedAt: 1,
  finishedAt: 2,
  connections: ports.map((port) => ({
    localAddress: '203.0.113.7',
    localPort: 10_000 + port,
    port,
    openedAt: 1,
    connected: true,
    bytesSent: 1,
    bytesReceived: 1,
    complete: true,
    serverClosed: true,
  })),
});

const sick = { 80: 'close-blocked', 443: 'unreachable' } as const;
const well = { 80: 'healthy', 443: 'healthy' } as const;

describe('lvs-lab check in the lab', () => {
  it('says what each way of closing came to, and where its evidence is', async () => {
    const cwd = folder();
    const { code, out, err } = await lvsLab(
      ['check', ...files('mangle-invalid')],
      labOf({ 80: 'close-blocked' }, { 80: 'healthy' }),
      {
        cwd,
      },
    );
    expect(code).toBe(1);
    expect(out).toMatch(/the client resets +6\.1\S* +close-blocked +LAST-ACK +FIN-WAIT-2/);
    expect(out).not.toContain('a fault of lvs-lab');
    expect(out).toMatch(/\nrun in the lab, and predicted from the rules: \S+runs\/check-\w+\n$/);
    expect(out).toContain('in the lab: clients have the address 203.0.113.7');
    expect(err).toContain('192.0.2.10:80/tcp: close-blocked, as the rules read; now in the lab');
    // The scenarios are gone with the run, so nobody can run again what failed of them.
    expect(readdirSync(join(cwd, 'runs'))).not.toContain('.last-run.json');
    const place = ['--evidence', 'runs'];
    const used = await lvsLab(['check', ...place, ...files('mangle-invalid')], labOf({ 80: 'healthy' }), {
      cwd,
    });
    expect(used.code).toBe(5);
    expect(used.err).toContain('expected --evidence to name an empty or a new folder');
  });

  it('begins with what may wait longest, and tells it in its place', async () => {
    const asked: string[] = [];
    const lab = labOf({ 80: 'close-blocked' }, { 80: 'healthy' });
    const seen = {
      ...lab,
      runScenarios: (request: Parameters<Services['runScenarios']>[0]) => {
        asked.push(...request.jobs.map(({ name }) => name));
        return lab.runScenarios(request);
      },
    };
    const { out } = await lvsLab(['check', ...files('mangle-invalid')], seen, { cwd: folder() });
    expect(asked.slice(0, 3)).toEqual(['site/port-again', 'cure1/port-again', 'site/server-first']);
    expect(out).toMatch(/the client resets +6\.1\S* .*\n(?:.*\n)*? +the same port a second time +6\.1/);
  });

  it('lets the lab count where the rules read otherwise, and calls that a fault of its own', async () => {
    const args = ['check', ...files('mangle-invalid')];
    const { code, out } = await lvsLab(args, labOf({ 80: 'healthy' }), { cwd: folder() });
    expect(code).toBe(0);
    expect(out).toContain('a fault of lvs-lab: where the client closes first, the rules read close-blocked');
  });

  it('tells services apart', async () => {
    const { code, out } = await lvsLab(
      ['check', '--json', ...files('rh-firewall')],
      labOf({ 80: 'close-blocked', 443: 'unreachable' }),
      { cwd: folder() },
    );
    expect(code).toBe(1);
    const { services, way } = checkDocumentSchema.parse(JSON.parse(out));
    expect(way).toBe('run in the lab, and predicted from the rules');
    expect(
      services.map(({ outcome, proof }) => [outcome, proof?.trials.length, proof?.faults.length]),
    ).toEqual([
      ['close-blocked', 7, 0],
      ['unreachable', 7, 0],
    ]);
  });

  it('answers from the rules where there is no engine, and says why', async () => {
    const none = fakeServices({
      openEngine: () => Promise.reject(new LabError('no engine with IPVS')),
    });
    const { code, out } = await lvsLab(['check', ...files('mangle-invalid')], none, { cwd: folder() });
    expect(code).toBe(1);
    expect(out).toContain('the lab: no engine with IPVS');
    expect(out).toMatch(/\npredicted from the rules; not run\n$/);
  });

  it('writes the site as scenarios where it is told to', async () => {
    const cwd = folder();
    const args = ['check', '--predict', '--save', 'mine', ...files('mangle-invalid')];
    const { code, out } = await lvsLab(args, undefined, { cwd });
    expect(code).toBe(1);
    expect(out).toContain('in the lab: clients have the address');
    expect(readdirSync(join(cwd, 'mine'))).toContain('iptables.save');
    const { out: listed } = await lvsLab(['run', '--list', join(cwd, 'mine/server-first.yaml')], undefined, {
      cwd,
    });
    expect(listed).toContain('site/server-first');
    const again = await lvsLab(args, undefined, { cwd });
    expect(again.code).toBe(5);
    expect(again.err).toContain('expected --save to name an empty or a new folder');
  });

  it('shows the best cure whole, others in a line, and all whole when asked', async () => {
    const { out } = await lvsLab(['check', '--predict', ...files('rh-firewall')]);
    expect(out).toMatch(
      /\nCure \(predicted; not run\): accept what is refused .*\n--- \S+iptables\.save\n\+\+\+ /,
    );
    expect(out).toContain('    TCP FIN, RST in state INVALID to 192.0.2.10:80 from anywhere\n');
    expect(out).toMatch(/now, on the director:\n {4}iptables -I RH-Firewall-1-INPUT 5 /);
    expect(out).toMatch(/to go back:\n {4}iptables -D RH-Firewall-1-INPUT 5\n/);
    expect(out.match(/^ {2}or \(predicted; not run\): /gm)?.length).toBeGreaterThan(2);
    const { out: whole } = await lvsLab(['check', '--predict', '--cures', ...files('rh-firewall')]);
    expect(whole).not.toContain('  or (');
    expect(whole.match(/^--- /gm)?.length).toBeGreaterThan(3);
  });

  it('runs the best cure, and says that it is proven', async () => {
    const cwd = folder();
    const args = ['check', '--evidence', 'mine', ...files('rh-firewall')];
    const lab = labOf({ 80: 'close-blocked', 443: 'unreachable' }, { 80: 'healthy', 443: 'healthy' });
    const { code, out, err } = await lvsLab(args, lab, { cwd });
    // The exit code is the site's as it is.
    expect(code).toBe(1);
    expect(err).toMatch(/\ncure 1 of \d+: accept what is refused .*; now in the lab\n/);
    expect(out).toMatch(/\nCure \(proven in the lab on 6\.1\S*\): accept what is refused /);
    expect(out).toContain('  or (predicted; not run): ');
    expect(readdirSync(join(cwd, 'mine')).filter((name) => /^cure1-./.test(name))).toHaveLength(7);
    expect(readdirSync(join(cwd, 'mine'))).not.toContain('cure2');
  });

  it('runs each cure when asked, and goes on to the next where the lab refutes one', async () => {
    const cwd = folder();
    const lab = labOf(sick, { 80: 'healthy', 443: 'close-blocked' }, { 80: 'healthy', 443: 'healthy' });
    const args = [...files('rh-firewall'), '--patch', 'cure.patch'];
    const { out } = await lvsLab(['check', '--evidence', 'one', ...args], lab, { cwd });
    // The best is in the site's own run, the next in one of its own.
    expect(readdirSync(join(cwd, 'one')).filter((name) => /^cure(?!1-)/.test(name))).toEqual(['cure2']);
    expect(out).toMatch(
      /\nCure \(proven in the lab on 6\.1\S*\): (?!accept what is refused of the service by its TCP flags)/,
    );
    expect(out).toMatch(
      / {2}or \(refuted by the lab\): accept what is refused of the service by its TCP flags.*\n {2}192\.0\.2\.10:443\/tcp: close-blocked where .*\n {2}a fault of lvs-lab: /,
    );
    const shown = out.split('\n').filter((line) => /^[-+]/.test(line));
    expect(
      readFileSync(join(cwd, 'cure.patch'), 'utf8')
        .split('\n')
        .filter((line) => /^[-+]/.test(line)),
    ).toEqual(shown);
    const { out: each } = await lvsLab(
      ['check', '--cures', '--json', '--evidence', 'each', ...files('rh-firewall')],
      lab,
      { cwd },
    );
    const { cures } = checkDocumentSchema.parse(JSON.parse(each));
    expect(cures.map(({ way }) => way)).toEqual([
      'proven in the lab',
      ...cures.slice(1).map(() => 'refuted by the lab'),
    ]);
    expect(cures[0]?.proof).toMatchObject({
      outcome: 'healthy',
      because: [],
      directory: join(cwd, 'each'),
    });
  });

  it('says of a cure that broke in the lab why it is not known', async () => {
    const broken = labOf({ 80: 'close-blocked', 443: 'unreachable' });
    const lab: Services = {
      ...broken,
      runScenarios: async (request) => {
        const results = await broken.runScenarios(request);
        return request.jobs.map((job, index) =>
          job.name.startsWith('cure')
            ? result({ verdict: undefined, error: new LabError('no memory') }, job)
            : (results[index] ?? result({}, job)),
        );
      },
    };
    const { out } = await lvsLab(['check', ...files('rh-firewall')], lab, { cwd: folder() });
    expect(out).toMatch(
      /\nCure \(not known in the lab\S*.*\): accept what .*\n {2}192\.0\.2\.10:80\/tcp: no memory\n/,
    );
    // The lab that broke would break with the others, too.
    expect(out).toContain('  or (predicted; not run): ');
    expect(out.match(/\(not known in the lab/g)).toHaveLength(1);
  });

  describe('with several kernels', () => {
    const kernels = ['debian:bookworm', 'debian:sid'];
    const asked = ['--kernel', kernels.join(','), ...files('rh-firewall')];
    /** A lab with another site on each kernel, in children that are this program. */
    const labsOf = (labs: Readonly<Record<string, Services>>, calls: string[] = []) =>
      nested(
        fakeServices({
          runScenarios: (request) => {
            const kernel = kernels.find((name) => request.out.endsWith(name.replace(':', '-'))) ?? '';
            const lab = labs[kernel];
            if (lab === undefined) throw new LabError(`${kernel} does not boot`);
            const topics = new Set(request.jobs.map(({ name }) => name.split('/')[0]));
            calls.push(`${kernel} ${[...topics].join(' ')} ${request.jobs.length}`);
            return lab.runScenarios(request);
          },
        }),
      );

    it('runs site and cure on each, and says on which it is proven', async () => {
      const calls: string[] = [];
      const labs = { 'debian:bookworm': labOf(sick, well), 'debian:sid': labOf(sick, well) };
      const { code, out, cwd } = await lvsLab(['check', '--evidence', 'mine', ...asked], labsOf(labs, calls));
      expect(code).toBe(1);
      expect(calls.toSorted()).toEqual(kernels.map((kernel) => `${kernel} site cure1 14`));
      for (const kernel of kernels)
        expect(out).toMatch(new RegExp(`the client resets +${kernel} +close-blocked`));
      expect(out).toContain('\nCure (proven in the lab on debian:bookworm, debian:sid): accept');
      expect(out).not.toContain('  on debian:');
      expect(readdirSync(join(cwd, 'mine/debian-sid'))).toContain('cure1-server-first');
    });

    it('tells kernels apart on which site and cure come to something else', async () => {
      const labs = { 'debian:bookworm': labOf(sick, well, well), 'debian:sid': labOf(well, sick, well) };
      const { code, out } = await lvsLab(['check', ...asked], labsOf(labs));
      expect(code).toBe(1);
      expect(out).toContain('\n  on debian:bookworm: close-blocked\n  on debian:sid: healthy\n');
      expect(out).toMatch(/, the rules read close-blocked, and the lab on debian:sid shows healthy/);
      // The first cure is none on one kernel, so the second is run.
      expect(out).toMatch(/\nCure \(proven in the lab on debian:bookworm, debian:sid\): (?!.*TCP flags)/);
      expect(out).toMatch(
        / or \(refuted by the lab\): .*TCP flags.*\n {2}192\.0\.2\.10:80\/tcp: on debian:sid: close-blocked where/,
      );
      const json = await lvsLab(['check', '--json', ...asked], labsOf(labs));
      const { services, cures } = checkDocumentSchema.parse(JSON.parse(json.out));
      expect(services[0]?.proof?.kernels).toEqual([
        { kernel: 'debian:bookworm', outcome: 'close-blocked' },
        { kernel: 'debian:sid', outcome: 'healthy' },
      ]);
      expect(cures.at(-1)?.proof?.byKernel).toEqual([
        { kernel: 'debian:bookworm', outcome: 'healthy' },
        { kernel: 'debian:sid', outcome: 'unreachable' },
      ]);
    });

    it('proves no cure on a kernel that does not boot', async () => {
      const { out } = await lvsLab(['check', ...asked], labsOf({ 'debian:bookworm': labOf(sick, well) }));
      expect(out).toMatch(
        /\nCure \(not known in the lab on debian:sid; proven in the lab on debian:bookworm\): /,
      );
      expect(out).toMatch(/192\.0\.2\.10:80\/tcp: on debian:sid: /);
    });
  });

  /** The same lab; in a run in such a folder a signal comes when those of its jobs are run. */
  const interruptedIn = (place: RegExp, run: RegExp, lab: Services, signal: EndingSignal) => {
    const controller = new AbortController();
    const calls: string[] = [];
    const whole = fakeServices({}, calls);
    const services: Services = {
      ...lab,
      openEngine: (request) => whole.openEngine(request),
      runScenarios: async (request) => {
        const isHere = place.test(request.out);
        const jobs = isHere ? request.jobs.filter(({ name }) => run.test(name)) : request.jobs;
        const results = await lab.runScenarios({ ...request, jobs });
        if (isHere) controller.abort(new Interruption(signal));
        return results;
      },
    };
    return { services, signal: controller.signal, calls };
  };
  const whenCuresBegin = /^site\/|^cure1\/(port-again|server-first)/;
  const remains = () => readdirSync(tmpdir()).filter((name) => name.startsWith('lvs-lab-site-'));

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('tells the answer where %s comes while cures are run', async (name, expected) => {
    const cwd = folder();
    const before = remains();
    const { services, signal, calls } = interruptedIn(/mine$/, whenCuresBegin, labOf(sick, well), name);
    const args = ['--evidence', 'mine', ...files('rh-firewall'), '--patch', 'cure.patch'];
    const { code, out } = await lvsLab(['check', ...args], services, { cwd, signal });
    expect(code).toBe(expected);
    expect(out).toMatch(/the client resets +6\.1\S* +close-blocked/);
    expect(out).not.toContain('not known');
    expect(out).toContain('\nCure (predicted; not run): accept what is refused');
    expect(out).toContain(`\nCures not proven, because it was interrupted by ${name}\n`);
    expect(existsSync(join(cwd, 'cure.patch'))).toBe(true);
    expect(readdirSync(join(cwd, 'mine'))).not.toContain('cure2');
    expect(calls.filter((call) => call === 'engine closed')).toHaveLength(1);
    expect(remains()).toEqual(before);
  });

  it('proves the same cure where no signal comes', async () => {
    const { code, out } = await lvsLab(['check', ...files('rh-firewall')], labOf(sick, well), {
      cwd: folder(),
    });
    expect(code).toBe(1);
    expect(out).toContain('\nCure (proven in the lab');
    expect(out).not.toContain('because it was interrupted');
  });

  it('keeps what an interrupted cure is refuted by, and what was proven before', async () => {
    const json = ['check', '--json', ...files('rh-firewall')];
    const refuted = interruptedIn(/check-\w+$/, whenCuresBegin, labOf(sick, sick), 'SIGINT');
    const one = await lvsLab(json, refuted.services, { cwd: folder(), signal: refuted.signal });
    const { cures, unproven, exitCode } = checkDocumentSchema.parse(JSON.parse(one.out));
    expect(cures.at(-1)?.way).toBe('refuted by the lab');
    expect([unproven, exitCode]).toEqual(['it was interrupted by SIGINT', 130]);
    const each = ['check', '--cures', ...files('rh-firewall')];
    const later = interruptedIn(
      /check-\w+$/,
      /^(site|cure1)\/|^cure2\/(port-again|server-first)/,
      labOf(sick, well, well),
      'SIGINT',
    );
    const two = await lvsLab(each, later.services, { cwd: folder(), signal: later.signal });
    expect(two.out).toContain('\nCure (proven in the lab');
    expect(two.out).toContain('\nCure 2 (predicted; not run): ');
    expect(two.out).toContain(
      '\nCures that were not run are not proven, because it was interrupted by SIGINT\n',
    );
  });

  it('tells what is known where a signal comes while the site is run', async () => {
    const { services, signal } = interruptedIn(
      /check-\w+$/,
      /^site\/(port-again|client-first|client-reset)/,
      labOf(sick, well),
      'SIGINT',
    );
    const { code, out } = await lvsLab(['check', ...files('rh-firewall')], services, { signal });
    expect(code).toBe(130);
    expect(out).toMatch(/the client resets +6\.1\S* +close-blocked/);
    expect(out).toMatch(/an upload +6\.1\S* +not known/);
    expect(out).toContain('\nCures not proven, because it was interrupted by SIGINT\n');
    expect(out).toContain('\nthe lab: interrupted by SIGINT\n');
    const none = interruptedIn(
      /check-\w+$/,
      /^site\/(port-again|client-first|client-reset)/,
      labOf({ 80: 'healthy' }),
      'SIGINT',
    );
    const args = ['check', ...files('port-without-state'), '--patch', 'cure.patch'];
    const healthySite = await lvsLab(args, none.services, { signal: none.signal });
    expect(healthySite.code).toBe(130);
    expect(healthySite.err).not.toContain('expected a cure');
  });

  it('tells the answer where the disk is full when the next cure is run', async () => {
    const lab = labOf(sick, sick);
    const full: Services = {
      ...lab,
      runScenarios: (request) =>
        request.out.includes('cure2')
          ? Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }))
          : lab.runScenarios(request),
    };
    const { code, out } = await lvsLab(['check', ...files('rh-firewall')], full, { cwd: folder() });
    expect(code).toBe(1);
    expect(out).toMatch(/the client resets +6\.1\S* +close-blocked/);
    expect(out).toMatch(/\nCure \(not known in the lab.*\): .*\n {2}192\.0\.2\.10:80\/tcp: .*no space left/);
  });

  it('tells the answer where the next cure has no folder for its evidence', async () => {
    const cwd = folder();
    const lab = labOf(sick, sick);
    const inTheWay: Services = {
      ...lab,
      runScenarios: async (request) => {
        const results = await lab.runScenarios(request);
        writeFileSync(join(cwd, 'mine/cure2'), '');
        return results;
      },
    };
    const args = ['check', '--evidence', 'mine', ...files('rh-firewall')];
    const { code, out } = await lvsLab(args, inTheWay, { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/the client resets +6\.1\S* +close-blocked/);
    expect(out).toMatch(/\nCure \(not known in the lab\): .*\n {2}192\.0\.2\.10:80\/tcp: .*mine\/cure2/);
  });

  it('seeks no cure for what the lab shows to be healthy', async () => {
    const { out } = await lvsLab(['check', ...files('mangle-invalid')], labOf({ 80: 'healthy' }), {
      cwd: folder(),
    });
    expect(out).not.toContain('Cure (');
  });

  it('writes the best cure to a file, and says where there is none to write', async () => {
    const cwd = folder();
    const { code } = await lvsLab(
      ['check', '--predict', ...files('rh-firewall'), '--patch', 'cure.patch'],
      undefined,
      {
        cwd,
      },
    );
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, 'cure.patch'), 'utf8')).toMatch(/^--- .*\n\+\+\+ .*\n@@ /);
    const healthy = await lvsLab(
      ['check', '--predict', ...files('port-without-state'), '--patch', 'none.patch'],
      undefined,
      { cwd },
    );
    expect(healthy.code).toBe(5);
    expect(healthy.err).toContain('expected a cure that changes a file');
    expect(existsSync(join(cwd, 'none.patch'))).toBe(false);
  });

  it('has cures in its JSON, or why there is none', async () => {
    const { cures } = checkDocumentSchema.parse(
      JSON.parse((await lvsLab(['check', '--predict', '--json', site('negations')])).out),
    );
    expect(cures[0]).toMatchObject({ way: 'predicted; not run', opens: { beside: [], other: [] } });
    const unsaid = JSON.parse(
      (await lvsLab(['check', '--predict', '--json', site('interface-not-said')])).out,
    ) as unknown;
    expect(checkDocumentSchema.parse(unsaid)).toMatchObject({
      cures: [],
      withoutCure: { why: expect.stringContaining('--in') as string },
    });
  });
});
