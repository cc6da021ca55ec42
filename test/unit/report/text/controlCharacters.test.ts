import { describe, expect, it } from 'vitest';
import { noPaint, paintFor } from '../../../../src/report/text/colour.js';
import { cut } from '../../../../src/report/text/cut.js';
import { errorText, serialiseError } from '../../../../src/report/text/errorText.js';
import { escapeControls, withoutForeignControls } from '../../../../src/report/text/controlCharacters.js';
import { table } from '../../../../src/report/text/textTable.js';
import { LabError } from '../../../../src/support/errors.js';

const evil = '\u001b[31mPASS\u001b[0m\u001b]0;title\u0007\u009b2J\r\b\u007f\u202eevil\u2028';
const written =
  '\\u001b[31mPASS\\u001b[0m\\u001b]0;title\\u0007\\u009b2J\\u000d\\u0008\\u007f\\u202eevil\\u2028';
const paint = paintFor({ isTTY: true }, {});

describe('what is shown', () => {
  it('has control characters of files and containers written out, and line ends and tabs as they are', () => {
    expect(withoutForeignControls(evil)).toBe(written);
    expect(withoutForeignControls('one\n\ttwo ü 文字 🦊')).toBe('one\n\ttwo ü 文字 🦊');
  });

  it('keeps the lab’s own colours, and none of those in what they are put on', () => {
    expect(withoutForeignControls(paint.red('x'))).toBe('\u001b[31mx\u001b[39m');
    expect(withoutForeignControls(paint.red(evil))).toBe(`\u001b[31m${written}\u001b[39m`);
    expect(withoutForeignControls(paint.red(`a${paint.green('b')}c`))).toBe(
      '\u001b[31ma\u001b[32mb\u001b[39m\u001b[31mc\u001b[39m',
    );
    expect(noPaint.red('x')).toBe('x');
  });

  it('has tables whose columns fit, coloured or not', () => {
    const rows = (colours: typeof paint) =>
      table(
        ['a', 'b'],
        [
          [colours.green('yes'), 'x'],
          ['no', 'y'],
        ],
        colours,
      );
    expect(withoutForeignControls(rows(paint)).replaceAll(/\u001b\[\d+m/g, '')).toBe(rows(noPaint));
  });

  it('has tables whose entries cannot colour or end others', () => {
    expect(table(['a'], [[evil]], paint)).not.toContain('\u001b[31m');
    expect(withoutForeignControls(table(['a'], [[evil]], noPaint))).toContain(written);
  });

  it('is the same JSON as before', () => {
    expect(JSON.parse(escapeControls(JSON.stringify({ evil })))).toEqual({ evil });
  });
});

describe('an error of megabytes', () => {
  const huge = new LabError('refused', { details: `first\n${'x'.repeat(7e6)}\nlast` });

  it('is cut, and says how much was left out and how to see it', () => {
    for (const text of [errorText(huge), JSON.stringify(serialiseError(huge))]) {
      expect(text.length).toBeLessThan(20_000);
      expect(text).toMatch(/first.*6\.7 MiB left out; LVS_LAB_DEBUG=1 shows all.*last/s);
    }
    expect(errorText(huge, { debug: true }).length).toBeGreaterThan(7e6);
  });

  it('is left as it is when it is not longer than a reader stands', () => {
    expect(cut('x'.repeat(16_000))).toBe('x'.repeat(16_000));
  });
});
