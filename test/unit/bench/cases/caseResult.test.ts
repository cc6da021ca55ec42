import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { caseResultSchema } from '../../../../bench/cases/caseResult.js';
import { caseTable } from '../../../../bench/cases/caseTable.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const read = (file: string) => readFileSync(path.join(packageRoot, 'bench', file), 'utf8');
const result = caseResultSchema.parse(JSON.parse(read('results/case.json')));

/** The rows of a table, without the blanks that make columns of them. */
const rowsIn = (table: string) =>
  table
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.includes('---'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the result of the benchmark of cases', () => {
  it('has healthy control runs, and a decided outcome in each case', () => {
    expect(result.outcomes).toHaveLength(10);
    expect(new Set(result.outcomes.map(({ control }) => control))).toEqual(new Set(['healthy']));
    expect(result.outcomes.map(({ outcome }) => outcome)).not.toContain('undecided');
  });

  it('is what README says', () => {
    const page = read('README.md');
    const section = page.slice(
      page.indexOf('## The lab beside a plain script'),
      page.indexOf('## The raw load agent'),
    );
    expect(rowsIn(section)).toEqual(rowsIn(caseTable(result)));
    const [first, ...rest] = result.turns;
    expect(rowsIn(section)).not.toEqual(
      rowsIn(
        caseTable({
          ...result,
          turns: first === undefined ? [] : [...rest, { ...first, lab: { seconds: 1, cpuSeconds: 1 } }],
        }),
      ),
    );
    expect(section).toContain(result.at.slice(0, 10));
    expect(section).toContain(result.machine.guestKernel);
  });
});
