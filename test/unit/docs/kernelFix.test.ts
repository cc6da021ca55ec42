import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareResults } from '../../../src/report/compare/compareResults.js';
import { comparisonText } from '../../../src/report/compare/comparisonText.js';
import { noPaint } from '../../../src/report/text/colour.js';
import { resultDocument } from '../../../src/report/document/resultDocument.js';
import { parseResults } from '../../../src/report/document/parseResults.js';
import type { PhaseFinding, Verdict } from '../../../src/verdict/model/verdict.js';
import { blocked, healthy, passed, resultWith } from '../report/samples.js';

const page = readFileSync(new URL('../../../docs/platforms/kernel-fix.md', import.meta.url), 'utf8');

/** A run of the page's two scenarios. */
function run(conntrackDr: PhaseFinding, result: Verdict['result']) {
  const one = (scenario: string, measured: PhaseFinding, as: Verdict['result']) =>
    resultWith({ verdict: { ...passed, scenario, measured, result: as } }, { scenario });
  const results = [
    one('sysctls/conntrack-dr', conntrackDr, result),
    one('close/server-first', blocked, 'pass'),
  ];
  const text = JSON.stringify(resultDocument({ version: '1', results, exitCode: 0 }));
  return parseResults(text, '/r/results.json', '/r');
}

describe('docs/platforms/kernel-fix.md', () => {
  it('shows what compare prints of the two modules, but for what they ran on and the numbers', () => {
    const stock = run(
      {
        ...blocked,
        outcome: 'handshake-blocked',
        numbers: { ...blocked.numbers, fates: { 'handshake-blocked': 10 } },
      },
      'pass',
    );
    const patched = run(healthy, 'fail');
    const comparison = compareResults(stock, patched);
    expect(comparison.exitCode).toBe(0);
    const printed = comparisonText(comparison, noPaint).replaceAll(/^ {6}.*\n/gm, '');
    const shown = /```\n(closer to healthy:[^]*?)```/.exec(page)?.[1] ?? 'nothing';
    expect(printed.slice(printed.indexOf('closer to healthy:'))).toBe(shown);
    const twin = comparisonText(compareResults(stock, stock), noPaint);
    expect(twin).not.toContain('closer to healthy:');
  });
});
