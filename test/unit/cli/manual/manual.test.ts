import { Command } from '@commander-js/extra-typings';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manPageText } from '../../../../src/cli/manual/manPage.js';
import { manual } from '../../../../src/cli/manual/manual.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { declaration, fakeServices } from '../harness.js';

const page = manual(fakeServices());
/** The page without what roff needs. */
const plain = page
  .replaceAll('\\-', '-')
  .replaceAll('\\e', '\\')
  .replaceAll('\\&', '')
  .replaceAll('\\(dq', '"');

/** Lines that roff would not understand, or take for something else. */
const misread = (text: string) =>
  text
    .split('\n')
    .filter(
      (line) =>
        (/^[.']/.test(line) && !/^\.(?:TH|SH|SS|TP|PP|B|nf|fi)(?: |$)/.test(line)) ||
        /\\(?![-e&]|\(dq)/.test(line),
    );

describe('the man page', () => {
  it('has every command and option that --help shows', () => {
    const program = declaration();
    const commands = program
      .createHelp()
      .visibleCommands(program)
      .filter((command) => command.name() !== 'help');
    expect(commands.length).toBeGreaterThan(15);
    for (const command of commands) {
      expect(plain).toMatch(new RegExp(`^\\.SS "lvs-lab ${command.name()}\\b`, 'm'));
      for (const option of command.createHelp().visibleOptions(command))
        expect(plain).toContain(`\n.B ${option.flags}\n`);
    }
    expect(plain).toContain('.SS "lvs-lab kernel add [options] <name>"');
    expect(plain).not.toContain('lvs-lab complete ');
    expect(plain).not.toContain('--jobs');
  });

  it('has exit codes and examples as --help has them', () => {
    expect(plain).toContain('Exit codes:\n  0    everything was as expected');
    expect(plain).toContain("lvs-lab run 'close/*' --tag repro");
    expect(plain).toContain('.TH "LVS-LAB" 1 "" "lvs-lab 9.9.9" "User Commands"');
  });

  it('names the environment variables that docs/platforms/engines.md names', () => {
    const docs = readFileSync(join(packageRoot, 'docs', 'platforms', 'engines.md'), 'utf8');
    const named = [...docs.matchAll(/^\| (`.*?`) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([A-Z_]{4,})`/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(6);
    expect(named.filter((name) => !plain.includes(`\n.B ${name}\n`))).toEqual([]);
  });

  it('is roff, whatever a description says', () => {
    expect(misread(page)).toEqual([]);
    const odd = new Command('odd')
      .description('x')
      .option('--a', '.SH is no heading\n\'nor this, C:\\dir "q"');
    const text = manPageText(odd, { version: '1', behind: () => '\n.fi\n\\fB' });
    expect(misread(text)).toEqual([]);
    expect(text).toContain('\\&.SH is no heading\n\\&\'nor this, C:\\edir "q"');
    expect(misread(`${text}\n.XX\n\\fB`)).toEqual(['.XX', '\\fB']);
  });
});
