import { describe, expect, it } from 'vitest';
import { jobSummaryText } from '../../../../src/report/files/jobSummary.js';
import { failed, resultWith } from '../samples.js';
import { ended } from '../document/samples.js';

describe('the job summary on GitHub', () => {
  it('begins with the counts and has a table for each cell', () => {
    const text = jobSummaryText(ended);
    expect(text).toMatch(/^### lvs-lab: 1 passed, 1 failed, 1 inconclusive, 1 broke, 1 refused\n/);
    expect(text).toMatch(/^\| ⛔ refused \| close\/rules \| - \| - \| /m);
    expect(text).toContain('<summary>⛔ refused: close/rules: the file was refused, for what it loads');
    expect(text.match(/^#### .*$/gm)).toEqual([
      '#### kernel debian:bookworm, image debian:trixie, iptables nft',
      '#### kernel debian:bookworm, image debian:trixie, iptables legacy',
    ]);
    expect(text).toMatch(
      /^\| ✅ pass: bug seen, as expected \| close\/server-first \| close-blocked with ICMP 3\/10 /m,
    );
    expect(text).toMatch(/^\| ❔ inconclusive \| open\/slow&#35;2 \|/m);
  });

  it('tells on what it ran and what ended it early', () => {
    const text = jobSummaryText(ended);
    expect(text).toMatch(/^- vm engine under tcg, Docker 20\.10\.24, kernel 6\.1\.0&?.*amd64/m);
    expect(text).toMatch(/^\*\*The run ended early:\*\* QEMU was killed a /m);
    expect(jobSummaryText({ ...ended, error: undefined })).not.toMatch(/ended early/);
  });

  it('says that fail was hoped for where scenarios were mutated', () => {
    expect(jobSummaryText({ ...ended, mutated: true })).toMatch(/`fail` is what was hoped for/);
    expect(jobSummaryText(ended)).not.toMatch(/hoped/);
  });

  it('tells why of what did not pass, and of nothing else', () => {
    const summaries = jobSummaryText(ended).match(/^<details><summary>.*$/gm) ?? [];
    expect(summaries.map((line) => /: ([\w/&;-]+?)(?:&#35;2)?: /.exec(line)?.[1])).toEqual([
      'close/fixed',
      'open/slow',
      'open/gone',
      'close/rules',
    ]);
  });

  it('makes nothing of what a program printed: no markup, no line of its own', () => {
    const text = jobSummaryText(ended);
    expect(text).toContain('&lt;b&gt;&amp;amp;&lt;/b&gt; &#124; &#96;c&#96; &#91;l&#93;&#40;u&#41;');
    expect(text).not.toMatch(/<b>/);
    expect(text).not.toMatch(/^::error/m);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const open = text.match(/<details>/g)?.length;
    expect(text.match(/<\/details>/g)?.length).toBe(open);
  });

  it('keeps below what GitHub takes, and says that it was cut', () => {
    const verdict = { ...failed, reasons: ['é'.repeat(50_000)] };
    const results = Array.from({ length: 40 }, () => resultWith({ verdict }));
    const text = jobSummaryText({ version: '1', results, exitCode: 1 });
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toMatch(/_Cut here: .*_\n/);
    expect(text.match(/<\/details>/g)?.length).toBe(text.match(/<details>/g)?.length);
    expect(jobSummaryText(ended)).not.toMatch(/Cut here/);
  });
});
