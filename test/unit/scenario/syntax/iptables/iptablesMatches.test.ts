import { describe, expect, it } from 'vitest';
import { matchesOf } from '../../../../../src/scenario/syntax/iptables/iptablesMatches.js';
import { iptablesWords, optionsOf } from '../../../../../src/scenario/syntax/iptables/iptablesOptions.js';
import { linesOf } from '../../../../../src/scenario/syntax/word.js';

const matches = (rule: string) => linesOf(rule).flatMap((line) => matchesOf(optionsOf(iptablesWords(line))));

const asked = (rule: string) =>
  matches(rule).flatMap(({ questions }) =>
    questions.map(({ option, asked: { kind, ...more } }) => {
      const about = 'subject' in more ? { ...more.subject, values: more.values, mask: more.mask } : more;
      return { kind, ...about, negated: option.negated };
    }),
  );

describe('what the options of a rule ask', () => {
  it.each([
    ['! -i eth+', { type: 'interface', side: 'source', values: ['eth*'], negated: true }],
    ['-s 192.0.2.1,192.0.2.2', { type: 'address', side: 'source', values: ['192.0.2.1', '192.0.2.2'] }],
    ['--ctreplsrc 192.0.2.1', { type: 'address', side: 'destination', of: 'connection' }],
    ['--state NEW,RELATED', { type: 'state', values: ['NEW', 'RELATED'] }],
    ['--tcp-flags SYN,ACK SYN', { type: 'flags', values: ['SYN,ACK', 'SYN'] }],
    ['--syn', { type: 'flags', values: ['FIN,SYN,RST,ACK', 'SYN'] }],
    ['-6', { type: 'family', values: ['ipv6'] }],
    ['-p tcp --ipv4', { type: 'family', values: ['ipv4'] }],
    ['-m mark --mark 0x1/0xff', { type: 'mark', values: ['0x1'], mask: '0xff' }],
    ['-m mark -m connmark --mark 1', { type: 'mark', of: 'connection', values: ['1'] }],
    ['-m set --match-set white src,dst', { kind: 'set', name: 'white', sides: ['source', 'destination'] }],
    ['-m set --set white src', { kind: 'set', name: 'white', sides: ['source'] }],
    ['-m recent ! --set', { kind: 'other' }],
    ['-p tcp', { type: 'protocol', values: ['tcp'] }],
    ['-p icmp --icmp-type 8', { type: 'icmpType', values: ['8'] }],
    ['--no-such-option 1', { kind: 'other' }],
  ])('%s', (rule, question) => {
    expect(asked(rule).at(-1)).toMatchObject(question);
  });

  it.each([
    '-p all',
    '-p 0',
    '--icmp-type any',
    '-m comment --comment "-s 192.0.2.1"',
    '-m recent --set --name seen --rsource',
  ])('is nothing of %s', (rule) => {
    expect(asked(rule)).toEqual([]);
  });

  // The list of the module that was loaded last is meant, not a set that another asks for.
  it('is one set where the sender is written down as well', () => {
    expect(asked('-m set --match-set white src -m recent --set --name seen')).toMatchObject([
      { kind: 'set', name: 'white' },
    ]);
  });

  it('may be asked by a match without any option', () => {
    expect(
      matches('-p tcp -m tcp -m rpfilter').map(({ module, asksItself }) => [module, asksItself]),
    ).toEqual([
      ['', false],
      ['tcp', false],
      ['rpfilter', true],
    ]);
  });
});
