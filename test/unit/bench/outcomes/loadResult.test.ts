import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadResultSchema, type LoadResult } from '../../../../bench/outcomes/loadResult.js';
import { ratiosOf } from '../../../../bench/outcomes/ratios.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const folder = path.join(packageRoot, 'bench/results');
const resultIn = (file: string): LoadResult =>
  loadResultSchema.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8')));

/** The rows of README's table, and the ratios that they give. */
const rows = {
  'agent : wrk, connections/s': 'agent : wrk (conversations)',
  'agent : ab, connections/s': 'agent : ab (conversations)',
  'agent : C, connections/s': 'agent : C, sendmmsg and recvmmsg (conversations)',
  "agent's sockets : raw-socket, dropped, packets/s": "the agent's sockets : raw-socket (SYNs, dropped)",
  "agent's sockets : raw-socket, answered": "the agent's sockets : raw-socket (SYNs, answered)",
  "agent's sockets : hping3, dropped": "the agent's sockets : hping3 --flood (SYNs, dropped)",
  "agent's sockets : hping3, answered": "the agent's sockets : hping3 --flood (SYNs, answered)",
} as const;

/** The rows as results give them, with their cells. */
function measuredRows(native: LoadResult, guest: LoadResult): readonly (readonly string[])[] {
  const memory = ({ outcomes }: LoadResult) =>
    `${((outcomes.find(({ tool }) => tool === 'agent')?.residentBytes ?? NaN) / 1e6).toFixed(1)} MB`;
  return [
    ...Object.entries(rows).map(([row, ratio]) => [
      row,
      ...[native, guest].map(({ ratios }) => (ratios[ratio] ?? NaN).toFixed(2)),
    ]),
    ["agent's memory", memory(native), memory(guest)],
  ];
}

function documentedRows(): readonly (readonly string[])[] {
  const page = readFileSync(path.join(packageRoot, 'bench/README.md'), 'utf8');
  const measured = page.slice(page.indexOf('## Measured'));
  return measured
    .split('\n')
    .filter((line) => line.startsWith('| agent'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));
}

describe('results of the load benchmark', () => {
  it.each(['native.json', 'guest.json'])('in %s say what their outcomes come to', (file) => {
    const { outcomes, ratios } = resultIn(file);
    expect(outcomes).toHaveLength(10);
    expect(ratiosOf(outcomes)).toEqual(ratios);
  });

  it('are what README says', () => {
    const [native, guest] = [resultIn('native.json'), resultIn('guest.json')];
    expect(documentedRows()).toEqual(measuredRows(native, guest));
    const slower = { ...native, ratios: { ...native.ratios, 'agent : wrk (conversations)': 0.5 } };
    expect(documentedRows()).not.toEqual(measuredRows(slower, guest));
  });

  it('are refused with an unknown kind of work', () => {
    const [first, ...rest] = resultIn('native.json').outcomes;
    const spoilt = { ...resultIn('native.json'), outcomes: [{ ...first, kind: 'UDP' }, ...rest] };
    expect(loadResultSchema.safeParse(spoilt).success).toBe(false);
  });
});
