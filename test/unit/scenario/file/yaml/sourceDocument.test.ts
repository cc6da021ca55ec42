import { describe, expect, it } from 'vitest';
import { minimal, problemsOf } from '../../scenarioFile.js';

const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]']
  .concat(
    Array.from(
      'bcdefghi',
      (name, index) =>
        `${name}: &${name} [${Array(9)
          .fill(`*${'abcdefgh'[index] ?? ''}`)
          .join(', ')}]`,
    ),
  )
  .join('\n');

describe('YAML that cannot be read', () => {
  it.each([
    ['an open list', 'id: [a,\nb: 1\n', 'FILE:2:1: Flow sequence in block collection must be'],
    ['a tab for indentation', 'load:\n\tclose: 1\n', 'FILE:2:1: expected blanks as indentation, found a tab'],
    [
      'two documents',
      `${minimal}---\nid: x\n`,
      'FILE:7:1: expected one scenario in a file, found another document behind `---`',
    ],
    [
      'a blank that is none',
      'load:\u00a0{ close: { first: server } }\n',
      '; there is a U+00A0, which looks like a blank and is none',
    ],
    ['such a blank in a key', `${minimal}start:\u00a0warm: 1\n`, '; there is a U+00A0, which looks like'],
    ['a table line for an alias', 'rules: *filter\n', 'found none; rules go into the lines below `rules: |`'],
    ['an unknown tag', 'id: !!nothing close/x\n', 'FILE:1:5: Unresolved tag'],
  ])('%s', async (_name, text, problem) => {
    const problems = await problemsOf(text);
    expect(problems[0]).toContain(problem);
  });

  it.each([
    ['lists in one another', '['.repeat(100_000), 'found more levels than can be read'],
    ['maps in one another', '- '.repeat(60_000), 'found more levels than can be read'],
    ['maps as keys of maps', '? '.repeat(60_000), 'expected words as keys'],
    ['half a million keys', 'a: 1\n'.repeat(500_000), 'found more than 200000 words and marks'],
    ['aliases of aliases', laughs, 'Excessive alias count'],
    ['thousands of aliases', `a: &a 1\nb: [${'*a,'.repeat(5000)}]`, 'expected at most 1000 aliases'],
    ['a tag of a megabyte', `${'!'.repeat(1e6)}: 1`, 'more characters)'],
  ])('takes little time and says little when it is %s', async (_name, text, problem) => {
    const problems = await problemsOf(text);
    expect(problems.join('\n')).toContain(problem);
    expect(problems.join('\n').length).toBeLessThan(100_000);
  });

  it('names a hundred problems and counts the others', async () => {
    const problems = await problemsOf(`${minimal}tags: [${'1,'.repeat(1000)}1]\n`);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toBe('FILE: and 901 more');
  });

  it('says of an address without quotes what to write', async () => {
    expect(await problemsOf(`${minimal}director: { rules: { file: \${VIP} } }\ntags: [a]\n`)).toEqual([
      'FILE:7:29: expected quotes around `${VIP}`, found none; within braces `{` begins a map: write `"${VIP}"`',
    ]);
    const quoted = await problemsOf(`${minimal}director: { rules: { file: "\${VIP}" } }\n`);
    expect(quoted).toEqual([expect.stringContaining('found no such file')]);
  });

  it('names further mistakes, and not what the parser stumbles over after one', async () => {
    expect(await problemsOf('a: { b: {c} d } e }\nf: !!nothing x\n')).toEqual([
      expect.stringMatching(/^FILE:1:\d+: /),
      expect.stringMatching(/^FILE:2:4: Unresolved tag/),
    ]);
  });

  it('gives every syntax error a place', async () => {
    const problems = await problemsOf('id: "open\ntitle: [a\nstory: }\n');
    for (const problem of problems) expect(problem).toMatch(/^FILE:\d+:\d+: \S/);
  });

  it.each([
    ['an empty file', '', 'FILE:1:1: expected a scenario, found an empty file'],
    ['only comments', '# nothing\n', 'FILE:1:1: expected a scenario, found comments and nothing else'],
    ['a list', '# list\n- 1\n', 'FILE:2:1: expected a map of keys and values, found a list'],
    ['a word', 'hello\n', 'FILE:1:1: expected a map of keys and values, found the text `hello`'],
  ])('is not a scenario when it is %s', async (_name, text, problem) => {
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('duplicate keys', () => {
  it('are shown where they are and where the first was', async () => {
    expect(await problemsOf(`${minimal}title: Again\n`)).toEqual([
      'FILE:7:1: duplicate key `title`, first given in line 2',
    ]);
  });

  it('are found below the top, together with all else', async () => {
    const text = minimal.replace('{ first: server }', '{ first: server, first: client, hwo: rst }');
    expect(await problemsOf(text)).toEqual([
      'FILE:5:33: duplicate key `first`, first given in line 5',
      'FILE:5:48: unknown key `hwo`; did you mean `how`?',
    ]);
  });
});

describe('aliases', () => {
  it('must have an anchor', async () => {
    expect(await problemsOf(`${minimal}director: *rules\nclient: *other\n`)).toEqual([
      'FILE:7:11: expected an anchor `&rules` before the alias `*rules`, found none',
      'FILE:8:9: expected an anchor `&other` before the alias `*other`, found none',
    ]);
  });

  it('are shown where they stand when what they stand for is wrong', async () => {
    expect(await problemsOf(`${minimal}client: &it { rulez: 1 }\nrealserver: *it\n`)).toEqual([
      'FILE:7:15: unknown key `rulez`; did you mean `rules`?',
      'FILE:7:15: unknown key `rulez`; did you mean `rules`?',
    ]);
  });

  it('that expand without end are refused', async () => {
    const levels = ['b', 'c', 'd', 'e', 'f', 'g'].map((name, index) => {
      const previous = String.fromCharCode('a'.charCodeAt(0) + index);
      return `${name}: &${name} [${Array(10).fill(`*${previous}`).join(', ')}]`;
    });
    expect(await problemsOf(['a: &a [x, x, x, x, x, x, x, x, x, x]', ...levels].join('\n'))).toEqual([
      'FILE:2:8: Excessive alias count indicates a resource exhaustion attack',
    ]);
  });

  it('that contain themselves are refused', async () => {
    expect(await problemsOf(`${minimal}tags: &it [*it]\n`)).toEqual([
      'FILE:7:12: expected text, found a list',
    ]);
  });
});
