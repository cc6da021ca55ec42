import { describe, expect, it } from 'vitest';
import { markdownTable } from '../../../../src/report/text/markdownTable.js';

describe('markdownTable', () => {
  it('has a line under the head, and one for each row', () => {
    expect(
      markdownTable(
        ['kernel', 'seen'],
        [
          ['6.1', '**none**'],
          ['6.12', ''],
        ],
      ),
    ).toBe('| kernel | seen |\n| --- | --- |\n| 6.1 | **none** |\n| 6.12 |  |');
  });
});
