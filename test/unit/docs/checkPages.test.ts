import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const docs = new URL('../../../docs/', import.meta.url);
const read = (page: string) => readFileSync(new URL(page, docs), 'utf8');
const [english, chinese] = ['check.md', 'check.zh-CN.md'].map(read) as [string, string];

const matches = (page: string, pattern: RegExp) =>
  [...page.matchAll(pattern)].map(([whole, part]) => part ?? whole);
/** What is the same in every language: commands, options, states, links. */
const options = (page: string) => new Set(matches(page, /`(--[a-z]+)/g));

describe('docs/check.zh-CN.md', () => {
  it('shows the commands that docs/check.md does', () => {
    const blocks = (page: string) => matches(page, /^```sh\n([\s\S]*?)^```$/gm);
    expect(blocks(chinese)).toEqual(blocks(english));
    expect(blocks(english).length).toBeGreaterThan(1);
  });

  it('names the options that docs/check.md does, and has its sections', () => {
    expect([...options(chinese)].sort()).toEqual([...options(english)].sort());
    const sections = (page: string) => matches(page, /^## .*$/gm).length;
    expect(sections(chinese)).toBe(sections(english));
  });

  it('has in its headings what people search for', () => {
    const headings = matches(chinese, /^#+ .*$/gm).join('\n');
    for (const words of ['FIN-WAIT-2 大量堆积', 'LAST-ACK', '无法正常关闭连接'])
      expect(headings).toContain(words);
  });

  it('is found from docs/check.md and the README, and leads back', () => {
    expect(english).toContain('](check.zh-CN.md)');
    expect(chinese).toContain('](check.md)');
    expect(readFileSync(new URL('../README.md', docs), 'utf8')).toContain('](docs/check.zh-CN.md)');
  });
});
