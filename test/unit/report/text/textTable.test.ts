import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { noPaint, paintFor, type Paint } from '../../../../src/report/text/colour.js';
import { withoutForeignControls } from '../../../../src/report/text/controlCharacters.js';
import { table } from '../../../../src/report/text/textTable.js';
import { fitLine, fitText } from '../../../../src/report/text/wrap.js';

const rule =
  '-A INPUT -p tcp -m state --state NEW -m tcp --dport 80 -m recent --update --seconds 60 --hitcount 20 --name web -j DROP';
const head = ['packets rejected or dropped by', 'on', 'packets'];
const rows = [
  [rule, 'director', 26],
  ['-A INPUT -j REJECT --reject-with icmp-host-prohibited', 'director', 2],
] as const;
const wide = (columns: number): Paint => ({ ...noPaint, columns });
const widest = (text: string) => Math.max(...text.split('\n').map((line) => stringWidth(line)));
const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');

describe('a table on a terminal', () => {
  it('is as wide as it comes where nothing says how wide it may be, and where it fits', () => {
    const text = table(head, rows, noPaint);
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toContain(rule);
    expect(table(head, rows, wide(widest(text)))).toBe(text);
    // One column less, and it is another.
    expect(table(head, rows, wide(widest(text) - 1))).not.toBe(text);
  });

  it.each([120, 100, 80, 64])('of %i columns has its widest column wrapped between words', (columns) => {
    const text = table(head, rows, wide(columns));
    expect(widest(text)).toBeLessThanOrEqual(columns);
    expect(words(text).sort()).toEqual(words(table(head, rows, noPaint)).sort());
    // Numbers stay below the end of their title, in the line where their row begins.
    const lines = text.split('\n');
    const end = lines[0]?.length;
    const row = lines.find((line) => line.includes('-A INPUT -p'));
    expect(row).toMatch(/ director +26$/);
    expect(row).toHaveLength(end ?? 0);
  });

  it.each([40, 20])('of %i columns has each row as a list, with all its words', (columns) => {
    const text = table(head, rows, wide(columns));
    const longest = Math.max(...words(text).map((word) => word.length));
    expect(widest(text)).toBeLessThanOrEqual(Math.max(columns, longest + 4));
    expect(text).toMatch(/^ {2}on: director$/m);
    expect(text).toMatch(/^ {2}packets: 26$/m);
    expect(words(text).join(' ')).toContain(rule);
  });

  it('measures what a terminal shows: wide letters are two columns', () => {
    const text = table(['a', 'b'], [['文字文字文字 文字文字文字 文字文字文字 文字文字文字', 'x']], wide(30));
    expect(widest(text)).toBeLessThanOrEqual(30);
    expect(text.split('\n').length).toBeGreaterThan(2);
  });

  it('keeps a colour to its entry when that is wrapped, on each of its lines', () => {
    const paint = { ...paintFor({ isTTY: true }, {}), columns: 40 };
    const entry = `${paint.red('FAIL')}  ${paint.yellow('bug seen but not as it was expected')}`;
    const lines = withoutForeignControls(
      table(['result', 'scenario'], [[entry, 'close/server-first']], paint),
    ).split('\n');
    expect(lines.length).toBeGreaterThan(3);
    // All that is begun ends in its line.
    const last = (line: string) => line.match(/\u001b\[\d+m/g)?.at(-1);
    for (const line of lines) expect(last(line)).toMatch(/\[(?:22|39)m$/);
    expect(lines.slice(2).every((line) => line.includes('\u001b[33m'))).toBe(true);
  });
});

describe('the width of a stream', () => {
  it('is that of a terminal, and none when piped, in CI, or where the terminal does not know', () => {
    expect(paintFor({ isTTY: true, columns: 80 }, {}).columns).toBe(80);
    expect(paintFor({ isTTY: true, columns: 80 }, { NO_COLOR: '1' }).columns).toBe(80);
    expect(paintFor({ columns: 80 }, {}).columns).toBeUndefined();
    expect(paintFor({ isTTY: true, columns: 80 }, { CI: 'true' }).columns).toBeUndefined();
    expect(paintFor({ isTTY: true, columns: 80 }, { TERM: 'dumb' }).columns).toBeUndefined();
    expect(paintFor({ isTTY: true, columns: 0 }, {}).columns).toBeUndefined();
    expect(noPaint.columns).toBeUndefined();
  });
});

describe('a line for a terminal', () => {
  it('goes on where its text began, and a long word stays whole', () => {
    expect(fitText('  - one two three\n    four', 12)).toBe('  - one two\n    three\n    four');
    expect(fitText('see /a/very/long/path/of/a/file now', 10)).toBe('see\n/a/very/long/path/of/a/file\nnow');
    expect(fitText('  - one two three', undefined)).toBe('  - one two three');
    expect(fitText('one two', 7)).toBe('one two');
    expect(fitText('one two', 6)).toBe('one\ntwo');
  });

  it('is cut where only one may be shown, by what letters take', () => {
    expect(fitLine('abcdef', 6)).toBe('abcdef');
    expect(fitLine('abcdefg', 6)).toBe('abcde…');
    expect(fitLine('文字文字', 5)).toBe('文字…');
    expect(fitLine('🦊🦊🦊', 4)).toBe('🦊…');
  });
});
