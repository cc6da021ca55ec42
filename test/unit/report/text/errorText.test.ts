import { describe, expect, it } from 'vitest';
import { errorText } from '../../../../src/report/text/errorText.js';
import { LabError } from '../../../../src/support/errors.js';

describe('an error on the terminal', () => {
  it('gives message, indented details, causes and hint', () => {
    const error = new LabError('could not load the rules on director', {
      details: '$ iptables-restore\niptables-restore: line 3 failed',
      hint: 'see `iptables-restore --help`',
      cause: new Error('exit code 2', { cause: new Error('pipe closed') }),
    });
    expect(errorText(error)).toBe(
      [
        'error: could not load the rules on director',
        '    $ iptables-restore',
        '    iptables-restore: line 3 failed',
        '  because: exit code 2',
        '  because: pipe closed',
        '  hint: see `iptables-restore --help`',
        '',
      ].join('\n'),
    );
  });

  it('does not repeat a cause that the message quotes already', () => {
    const error = new LabError('could not connect: ECONNREFUSED', { cause: new Error('ECONNREFUSED') });
    expect(errorText(error)).toBe('error: could not connect: ECONNREFUSED\n');
  });

  it('tells how to get the stack of an error nobody planned for', () => {
    expect(errorText(new TypeError('x is undefined'))).toBe(
      'unexpected error: x is undefined\n  hint: set LVS_LAB_DEBUG=1 to see where it comes from\n',
    );
  });

  it('shows stacks, those of causes included, when debugging', () => {
    const text = errorText(new LabError('outer', { cause: new Error('inner') }), { debug: true });
    expect(text).toMatch(/LabError: outer\n\s+at /);
    expect(text).toMatch(/Error: inner\n\s+at /);
    expect(text).not.toContain('LVS_LAB_DEBUG');
  });

  it('copes with something thrown that is no Error', () => {
    expect(errorText('oops')).toContain('unexpected error: oops\n');
  });
});
