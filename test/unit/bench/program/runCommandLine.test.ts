import { CommanderError } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { exitCodeOfCommandLine } from '../../../../bench/program/runCommandLine.js';
import { LabError, UsageError } from '../../../../src/support/errors.js';

describe('exitCodeFor', () => {
  it.each([
    ['help', new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'), 0],
    ['an unknown option', new CommanderError(1, 'commander.unknownOption', 'unknown'), 5],
    ['a benchmark that failed', new LabError('no engine'), 2],
    ['what cannot be asked for', new UsageError('no such kernel'), 5],
    ['an error that nobody planned', new TypeError('x is undefined'), 2],
  ])('for %s', (_, error, code) => {
    expect(exitCodeOfCommandLine(error)).toBe(code);
  });
});
