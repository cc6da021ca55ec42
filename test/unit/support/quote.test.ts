import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellQuote } from '../../../src/support/quote.js';

describe('shellQuote', () => {
  it('leaves plain words alone', () => {
    const argv = ['ipvsadm', '-A', '-t', '198.18.7.100:80', '-s', 'rr', '--set=a', '/lab/x', 'a,b'];
    expect(shellQuote(argv)).toBe('ipvsadm -A -t 198.18.7.100:80 -s rr --set=a /lab/x a,b');
  });

  it('quotes what a shell would take apart', () => {
    expect(shellQuote(['echo', 'tcp or icmp', "it's", ''])).toBe(String.raw`echo 'tcp or icmp' 'it'\''s' ''`);
  });

  it('does not let a first word become an assignment', () => {
    expect(shellQuote(['A=b', 'env'])).toBe("'A=b' env");
  });

  it.each([
    [
      [
        'a b',
        '',
        "'",
        '"',
        '\\',
        '$HOME',
        '`id`',
        '$(id)',
        '*',
        '?',
        '~',
        '#x',
        '!',
        'a\nb',
        '\t',
        ';',
        '&',
        '|',
        '<',
      ],
    ],
    [
      [
        '>',
        '(',
        ')',
        '{a,b}',
        '[x]',
        '%s',
        '-',
        '--',
        '-n',
        '-a=b',
        'ü',
        '\u{1F600}',
        "a'b'c",
        'x=y',
        '=',
        '-x;y',
      ],
    ],
  ])('is read back by a real shell as the words it was given', (words) => {
    const script = shellQuote([
      process.execPath,
      '-p',
      'JSON.stringify(process.argv.slice(1))',
      '--',
      ...words,
    ]);
    const output = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual(words);
  });
});
