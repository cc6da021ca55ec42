import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listedLines, normalise, packetHeader, packetLines } from './recordedLines.js';

const root = new URL('../../../', import.meta.url);
const docs = new URL('docs/', root);
const pages = ['the-bug.md', 'the-bug.zh-CN.md'];
/** Written by `npm run docs`, so it may not be there. */
const generated = new Set(['scenarios.md']);
const topics = ['close', 'cures', 'pitfalls', 'report2007', 'shipped', 'sysctls', 'topology'];
/** The client's port of the connection that the pages follow. */
const clientPort = 58860;

interface Block {
  readonly info: string;
  readonly text: string;
}

function read(page: string): string {
  return readFileSync(new URL(page, docs), 'utf8');
}

function blocksOf(page: string): Block[] {
  return [...read(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({
    info,
    text,
  }));
}

function proseOf(page: string): string {
  return read(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
}

/** The lines of the blocks that say they are from the recorded run. */
function recordedLines(page: string): string[] {
  return blocksOf(page)
    .filter(({ info }) => info === 'text recorded')
    .flatMap(({ text }) => text.split('\n'))
    .map(normalise)
    .filter((line) => line !== '');
}

/** `close/server-first` and the like, and `cures/*` for a topic's all. */
function scenarioIds(page: string): string[] {
  const spans = [...proseOf(page).matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  return spans.filter((span) => topics.some((topic) => span.startsWith(`${topic}/`)));
}

describe.each(pages)('docs/%s', (page) => {
  it('quotes nothing as recorded that is not in the recorded run', () => {
    const known = new Set([...listedLines(), packetHeader, ...packetLines(clientPort)]);
    expect(recordedLines(page).filter((line) => !known.has(line))).toEqual([]);
  });

  it('quotes packets, sockets, IPVS connections and rule counters', () => {
    const lines = recordedLines(page);
    const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
    expect({
      packets: count(/^[\d.]+ (client|director) /),
      sockets: count(/^(LAST-ACK|FIN-WAIT-2) /),
      connections: count(/^TCP \d\d:\d\d /),
      rules: count(/^\[\d+:\d+\] -A /),
    }).toEqual({ packets: 27, sockets: 2, connections: 2, rules: 5 });
  });

  it('leaves no packet out between the first and the last it quotes', () => {
    const quoted = recordedLines(page).filter((line) => /^[\d.]+ (client|director) /.test(line));
    expect(quoted).toEqual(packetLines(clientPort).slice(0, quoted.length));
  });

  it('links to files that exist', () => {
    const targets = [...proseOf(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(
      ([, target = '']) => target,
    );
    const relative = targets.filter((target) => !/^[a-z]+:/.test(target) && !generated.has(target));
    expect(relative).not.toHaveLength(0);
    expect(relative.filter((target) => !existsSync(new URL(target, docs)))).toEqual([]);
  });

  it('names scenarios as `topic/behaviour`, and only ones that exist', () => {
    const ids = scenarioIds(page);
    expect(ids.filter((id) => !/^[a-z0-9-]+\/([a-z0-9-]+|\*)$/.test(id))).toEqual([]);
    const single = ids.filter((id) => !id.endsWith('/*'));
    expect(single.filter((id) => !existsSync(new URL(`scenarios/${id}.yaml`, root)))).toEqual([]);
    expect(ids).toContain('close/server-first');
  });
});

describe('the two languages of docs/the-bug', () => {
  it('have the same code blocks', () => {
    expect(blocksOf('the-bug.zh-CN.md')).toEqual(blocksOf('the-bug.md'));
  });

  it('name the same scenarios and have the same headings', () => {
    const [english = '', chinese = ''] = pages;
    expect(scenarioIds(chinese)).toEqual(scenarioIds(english));
    const levels = (page: string): string[] => [...proseOf(page).matchAll(/^#+/gm)].map(([level]) => level);
    expect(levels(chinese)).toEqual(levels(english));
  });

  it('link to each other', () => {
    expect(read('the-bug.md')).toContain('](the-bug.zh-CN.md)');
    expect(read('the-bug.zh-CN.md')).toContain('](the-bug.md)');
  });
});
