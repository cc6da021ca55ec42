import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkDocumentSchema } from '../../../../../src/report/check/document/predictionDocument.js';
import { folder, lvsLab } from '../../harness.js';

const rules = '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m state --state NEW -j ACCEPT\nCOMMIT\n';
const services = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -g\n';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** `check --probe` where a namespace gives this answer, or does what the lines of a shell do. */
async function probed(lines: readonly string[], ...args: readonly string[]) {
  const cwd = folder();
  mkdirSync(join(cwd, 'bin'));
  const text = ['#!/bin/sh', 'cat > /dev/null', ...lines, ''].join('\n');
  writeFileSync(join(cwd, 'bin/unshare'), text, { mode: 0o755 });
  vi.stubEnv('PATH', `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`);
  writeFileSync(join(cwd, 'iptables.save'), rules);
  writeFileSync(join(cwd, 'ipvsadm.save'), services);
  return await lvsLab(['check', '--probe', 'iptables.save', 'ipvsadm.save', ...args], undefined, { cwd });
}

/** Of SYN, ACK, data, FIN, FIN with data, RST, RST,ACK and ICMP too big. */
const answer = (passed: readonly boolean[]) => [`echo '${JSON.stringify({ passed })}'`];
const [yes, no] = [true, false];
const predicted = [yes, yes, yes, no, no, no, no, no];

describe('lvs-lab check --probe', () => {
  it('says which packets got as far as IPVS, and which way was used', async () => {
    const { code, out } = await probed(answer(predicted));
    expect(code).toBe(1);
    expect(out).toMatch(/ {2}on \S+, in a namespace: SYN; ACK; data got as far as IPVS\n/);
    expect(out).toMatch(/\nprobed: packets were sent through these rules as far as IPVS, .*; not run\n$/);
    expect(out).not.toContain('a fault of lvs-lab');
    const {
      way,
      services: found,
      kernel,
    } = checkDocumentSchema.parse(JSON.parse((await probed(answer(predicted), '--json')).out));
    expect(way).toMatch(/^probed: /);
    expect(kernel).toBeTypeOf('string');
    expect(found[0]?.probe).toMatchObject({ passed: ['SYN', 'ACK', 'data'], faults: [] });
  });

  it('lets the kernel count where the prediction says another thing, and calls that a fault', async () => {
    const { code, out } = await probed(answer(predicted.map(() => yes)));
    expect(code).toBe(0);
    expect(out).toContain('\n  healthy: ');
    expect(out).toContain(
      '  a fault of lvs-lab: FIN is predicted refused before IPVS, and the kernel let it get there; the kernel counts',
    );
    const shut = await probed(answer(predicted.map(() => no)));
    expect(shut.code).toBe(1);
    expect(shut.out).toContain('\n  unreachable: ');
  });

  it.each([
    [['echo "unshare: Operation not permitted" >&2', 'exit 1'], 'Operation not permitted'],
    [[`echo '{"refused":"iptables-restore: line 3 failed"}'`], 'iptables-restore: line 3 failed'],
  ])('is a prediction where nothing could be sent, and says why: %j', async (lines, told) => {
    const { code, out } = await probed(lines);
    expect(code).toBe(1);
    expect(out).toContain('not probed: ');
    expect(out).toContain(told);
    expect(out).toMatch(/\npredicted from the rules; not run\n$/);
  });
});
