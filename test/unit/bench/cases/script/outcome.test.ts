import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../../src/support/packageRoot.js';

const script = path.join(packageRoot, 'bench/cases/script/outcome.sh');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lvs-lab-outcome-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const listening = 'LISTEN     0      4096       0.0.0.0:80     0.0.0.0:*';
const sockets = (state: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${state} 0      1      198.19.0.10:${47000 + n} 198.19.0.100:80`);

/** What a run of the script recorded. */
interface Recorded {
  readonly client: readonly string[];
  readonly realserver1: readonly string[];
  readonly realserver2: readonly string[];
  readonly replies: number;
  readonly director: readonly string[];
  readonly icmp: readonly string[];
}

const healthy: Recorded = {
  client: sockets('TIME-WAIT', 2),
  realserver1: [listening],
  realserver2: [listening, ...sockets('TIME-WAIT', 2)],
  ...{ replies: 4, director: [], icmp: [] },
};
const blocked: Recorded = {
  ...healthy,
  client: sockets('LAST-ACK', 4),
  realserver1: [listening, ...sockets('FIN-WAIT-2', 2)],
  realserver2: [listening, ...sockets('FIN-WAIT-2', 2), ...sockets('TIME-WAIT', 1)],
};
const refusal = { director: ['030a', '030a'], icmp: ['030a'] };

function record(phase: string, recorded: Recorded): void {
  const text = (lines: readonly string[]) => lines.map((each) => `${each}\n`).join('');
  mkdirSync(path.join(folder, phase));
  const files = {
    'client.ss': recorded.client,
    'realserver1.ss': recorded.realserver1,
    'realserver2.ss': recorded.realserver2,
    replies: Array.from({ length: recorded.replies }, () => 'realserver1'),
    'client.txt': [],
    'director.icmp': recorded.director,
    'client.icmp': recorded.icmp,
  };
  for (const [name, lines] of Object.entries(files))
    writeFileSync(path.join(folder, phase, name), text(lines));
}

/** What the script says of a case whose control run was healthy, or as `control` says. */
function said(measured: Recorded, first = 'server', control = healthy): Record<string, unknown> {
  record('control', control);
  record('measured', measured);
  const argv = [script, 'close/server-first@nft', first, '4', folder, '8200', '2100'];
  const output = execFileSync('bash', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(output) as Record<string, unknown>;
}

describe('outcome.sh', () => {
  it('says healthy when all replies came and no socket is left', () => {
    expect(said(healthy)).toEqual({
      case: 'close/server-first@nft',
      ...{ control: 'healthy', outcome: 'healthy', signal: 'silence' },
      ...{ milliseconds: 8200, controlMilliseconds: 2100 },
    });
  });

  it('says close-blocked when each connection hangs at both ends', () => {
    expect(said({ ...blocked, ...refusal })).toMatchObject({
      outcome: 'close-blocked',
      signal: 'ICMP 3/10 from director',
    });
  });

  it('knows what a client leaves that closes first', () => {
    const left = {
      ...blocked,
      client: sockets('FIN-WAIT-1', 4),
      realserver1: [listening, ...sockets('ESTAB', 2)],
      realserver2: [listening, ...sockets('ESTAB', 2)],
    };
    expect(said(left, 'client')).toMatchObject({ outcome: 'close-blocked', signal: 'silence' });
  });

  it.each([
    ['a reply is missing', { ...blocked, replies: 3 }],
    ['one connection ended', { ...blocked, client: sockets('LAST-ACK', 3) }],
    ['only one end hangs', { ...blocked, client: sockets('TIME-WAIT', 4) }],
  ])('decides nothing when %s', (_, recorded) => {
    expect(said(recorded)).toMatchObject({ outcome: 'undecided' });
  });

  it('decides by the states of the close that was asked for', () => {
    expect(said(blocked, 'client')).toMatchObject({ outcome: 'undecided' });
  });

  it('says that a control run was not healthy', () => {
    expect(said(healthy, 'server', blocked)).toMatchObject({ control: 'close-blocked', outcome: 'healthy' });
  });

  it.each([
    ['silence', [], [], 'silence'],
    ['errors that the director did not send', [], ['0303'], 'ICMP 3/3 from elsewhere'],
    ['different errors', ['030a', '030d'], [], 'several ICMP errors'],
  ])('tells %s', (_, director, icmp, signal) => {
    expect(said({ ...blocked, director, icmp })).toMatchObject({ signal });
  });
});
