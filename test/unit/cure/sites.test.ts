import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../../src/site/model/sourceFile.js';
import { readSite } from '../../../src/site/readSite.js';
import { answered, predicted, siteAnswer, siteFiles, siteNames } from '../prediction/siteAnswers.js';
import { inNamespace, patchedFiles, restorable } from './patched.js';
import { curesOf } from './siteCures.js';

const outcomesOf = (name: string) => Object.values(siteAnswer(name).services).map(({ outcome }) => outcome);
/** What is in the way there is in no file of rules. */
const byProgram = 'keepalived-strict';
const sick = siteNames.filter(
  (name) =>
    name !== byProgram && outcomesOf(name).some((outcome) => outcome !== 'healthy' && outcome !== 'unknown'),
);
const others = siteNames.filter((name) => name !== byProgram && !sick.includes(name));

/** A limit for SYNs is left, so nobody can say that nothing is refused any more. */
const limited = ['recent-in-front'];

/** What becomes of the site's services with these files. */
function outcomes(name: string, files: readonly SourceFile[]): readonly string[] {
  const prediction = predicted(files, siteAnswer(name).in);
  expect(prediction.problems.filter(({ done }) => done !== 'noted')).toEqual([]);
  return Object.values(answered(prediction)).map(({ outcome }) => outcome);
}

/** Loads all rules of files with the tools that are for them, and throws what these complain of. */
function load(files: readonly SourceFile[]): void {
  for (const { kind, text } of readSite(files).rules) {
    const clean = text.replaceAll('\r', '');
    if (kind === 'nft') inNamespace('nft -c -f -', clean);
    else if (kind !== 'ipset') {
      const tool = kind === 'ip6tables-save' ? 'ip6tables-restore' : 'iptables-restore';
      inNamespace(`${tool} --test`, restorable(clean));
    }
  }
}

describe('a site where a program loads what is in the way', () => {
  it('has no cure, but the line that is to be changed', () => {
    expect(curesOf(siteFiles(byProgram))).toMatchObject({
      cures: [],
      without: {
        at: { file: 'keepalived.conf', line: 5 },
        why: expect.stringContaining('changed itself') as string,
      },
    });
  });
});

describe('a site with the bug', () => {
  it('is one of many', () => {
    expect(sick.length).toBeGreaterThan(20);
  });

  it.each(sick)('%s is cured by each of its cures, which `patch` and the tools take', (name) => {
    const files = siteFiles(name);
    const found = curesOf(files, siteAnswer(name).in);
    expect(found?.without).toBeUndefined();
    expect(found?.cures.length).toBeGreaterThan(0);
    for (const { patch } of found?.cures.filter((cure) => cure.patch !== '') ?? []) {
      const cured = patchedFiles(files, patch);
      const right = limited.includes(name) ? /^(?:healthy|unknown)$/ : /^healthy$/;
      for (const outcome of outcomes(name, cured)) expect(outcome).toMatch(right);
      load(cured);
    }
  });

  it.each(sick)('%s is as it was, to the byte, when its cure is taken back', (name) => {
    const files = siteFiles(name);
    const [best] = curesOf(files, siteAnswer(name).in)?.cures.filter(({ patch }) => patch !== '') ?? [];
    const cured = patchedFiles(files, best?.patch ?? '');
    const back = patchedFiles(cured, best?.patch ?? '', ['--reverse']);
    expect(back).toEqual(files);
    expect(outcomes(name, back)).toEqual(outcomesOf(name));
  });

  it.each(sick)('%s is sick again without any one line of its best cure', (name) => {
    const files = siteFiles(name);
    const [best] = curesOf(files, siteAnswer(name).in)?.cures.filter(({ patch }) => patch !== '') ?? [];
    const patch = best?.patch ?? '';
    const added = patch.split('\n').filter((line) => /^\+(?!\+\+)/.test(line));
    const isReplacing = /^-(?!--)/m.test(patch);
    if (isReplacing) return;
    const cured = patchedFiles(files, patch);
    // Without a line that begins a block the file is none.
    for (const line of added.filter((one) => /accept|notrack/i.test(one) && !one.endsWith('{'))) {
      const without = cured.map((file) => ({ ...file, text: file.text.replace(`${line.slice(1)}\n`, '') }));
      const before = outcomes(name, cured);
      expect(outcomes(name, without), line).not.toEqual(before);
    }
  });
});

describe('a site without the bug', () => {
  it.each(others.filter((name) => outcomesOf(name).every((outcome) => outcome === 'healthy')))(
    '%s has nothing to cure',
    (name) => {
      expect(curesOf(siteFiles(name), siteAnswer(name).in)).toBeUndefined();
    },
  );

  it('says why nothing can be cured where it depends on what nobody said', () => {
    const found = curesOf(siteFiles('interface-not-said'));
    expect(found?.cures).toEqual([]);
    expect(found?.without?.why).toContain('--in');
  });
});
