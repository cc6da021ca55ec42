import { SyntaxValidator } from 'fast-xml-validator';
import { describe, expect, it } from 'vitest';
import { ladderOf } from '../../../../../src/report/html/data/ladder.js';
import { ladderDrawing } from '../../../../../src/report/html/drawings/ladderDrawing.js';
import { lineChart } from '../../../../../src/report/html/drawings/lineChart.js';
import { svgFileText, type Drawing } from '../../../../../src/report/html/drawings/svg.js';
import { inBothDrawn, inEnglish } from '../../../../../src/report/html/words/say.js';
import { compact, measured } from '../recorded.js';

const times = (text: string, part: string) => text.split(part).length - 1;

/** The coordinates of all that is drawn, but for paths, which go on from where they are. */
const coordinates = ({ content }: Drawing) =>
  [...content.markup.matchAll(/ ([xy])[12]?="(-?[\d.]+)"/g)].map(([, axis = '', value]) => ({
    axis,
    value: Number(value),
  }));

describe('a line chart', () => {
  const curves = {
    names: ['FIN-WAIT-2', 'ESTAB', '<b>'],
    moments: [0, 1, 2].map((time) => ({ time, values: { 'FIN-WAIT-2': time * 1000, ESTAB: 3000 } })),
    recorded: 3,
  };

  it('has a curve with its name and its marks for each thing that was counted, and axes, inside of its paper', () => {
    const drawing = lineChart({ curves, counted: (words) => words.sockets }, inEnglish);
    const markup = compact(drawing.content.markup);
    expect(times(markup, 'class="curve"')).toBe(3);
    expect(times(markup, 'class="mark"')).toBe(3 * (3 + 1));
    for (const name of [
      'FIN-WAIT-2',
      'ESTAB',
      '&lt;b&gt;',
      'sockets',
      'seconds since the load began',
      '3000',
    ])
      expect(markup).toContain(`>${name}<`);
    const outside = coordinates(drawing).filter(
      ({ axis, value }) => value < 0 || value > (axis === 'x' ? drawing.width : drawing.height),
    );
    expect(outside).toEqual([]);
    expect(markup).not.toContain('NaN');
  });

  it('draws the height that was counted', () => {
    const pathOf = (value: number) =>
      /class="curve" d="([^"]+)"/.exec(
        lineChart(
          {
            curves: {
              names: ['a'],
              moments: [
                { time: 0, values: { a: 0 } },
                { time: 1, values: { a: value } },
              ],
              recorded: 2,
            },
            counted: (words) => words.sockets,
          },
          inEnglish,
        ).content.markup,
      )?.[1];
    expect(pathOf(10)).toBe('M58 188L520 26');
    expect(pathOf(5)).not.toBe(pathOf(10));
  });

  it('is one also of a single moment', () => {
    const single = { names: ['a'], moments: [{ time: 0, values: { a: 1 } }], recorded: 1 };
    expect(
      lineChart({ curves: single, counted: (words) => words.sockets }, inEnglish).content.markup,
    ).not.toMatch(/NaN|Infinity/);
  });
});

describe('a ladder', () => {
  it('has a lane for each node, an arrow for each hop, and a cross with the rule where a packet ended', async () => {
    const { phase, finding } = await measured('close-server-first');
    const ladder = ladderOf(phase, finding, undefined)!;
    const drawing = ladderDrawing(ladder, inEnglish);
    const markup = compact(drawing.content.markup);
    const packets = ladder.rows.flatMap((row) => (row.row === 'packet' ? [row] : []));
    expect(times(markup, 'class="lane"')).toBe(ladder.lanes.length);
    expect(times(markup, 'class="arrow"')).toBe(packets.reduce((sum, { hops }) => sum + hops.length, 0));
    const ended = packets.filter(({ endsAt }) => endsAt !== undefined).length;
    expect(times(markup, 'class="cross"')).toBe(ended);
    expect(times(markup, '>-A INPUT -j REJECT --reject-with icmp-host-prohibited<')).toBe(ended);
    expect(
      coordinates(drawing).filter(
        ({ axis, value }) => value < 0 || value > (axis === 'x' ? drawing.width : drawing.height),
      ),
    ).toEqual([]);
  });

  it('names no rule where it may have been one of several, or none', async () => {
    const { phase, finding } = await measured('close-server-first');
    const other = { node: 'director', rule: '-A INPUT -j DROP', packets: 1 };
    const drawn = (rejected: typeof finding.numbers.rejected) =>
      ladderDrawing(
        ladderOf(phase, { ...finding, numbers: { ...finding.numbers, rejected } }, undefined)!,
        inEnglish,
      ).content.markup;
    expect(drawn([...finding.numbers.rejected, other])).toContain('>taken by one of 2 rules: see the table<');
    expect(drawn([])).toContain('>went no further, and no rule counted it<');
    expect(drawn([])).not.toContain('REJECT');
  });
});

describe('an SVG file', () => {
  it('is well-formed in itself, has a title, and asks for nothing', async () => {
    const { phase, finding } = await measured('flows');
    const ladder = ladderOf(phase, finding, undefined)!;
    const text = svgFileText(ladderDrawing(ladder, inBothDrawn), 'A & B <c>', '.drawing { fill: red; }\n');
    expect(SyntaxValidator.validate(text)).toBe(true);
    expect(() => SyntaxValidator.validate(text.replace('</svg>', ''))).toThrow('Unclosed tag');
    expect(compact(text)).toContain('<title>A &amp; B &lt;c&gt;</title>');
    expect(text).not.toMatch(/href|url\(|@import/);
  });
});
