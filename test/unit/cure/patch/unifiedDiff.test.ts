import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Draft } from '../../../../src/cure/model/draft.js';
import { unifiedDiff } from '../../../../src/cure/patch/unifiedDiff.js';
import { amount } from '../../fuzz/amount.js';
import { patchedFiles } from '../patched.js';

const change = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'remove', 'move'),
  line: fc.nat(11),
  to: fc.nat(11),
});

/** Makes a change of a draft, if it has the line. */
function changed(draft: Draft, { kind, line, to }: { kind: string; line: number; to: number }): Draft {
  const count = draft.lines.length;
  const at = (line % count) + 1;
  if (kind === 'insert') return draft.insertedBefore(at, ['new', `new ${to}`]);
  if (count < 3 || at === count) return draft;
  if (kind === 'replace') return draft.replaced(at, `other ${to}`);
  return kind === 'remove' ? draft.removed(at) : draft.moved(at, Math.min((to % count) + 1, count));
}

it('is what `patch` makes the changed file of, and back, whatever the file and the changes', () => {
  const { runs, seed } = amount(40);
  const line = fc.constantFrom('a', 'b', '', ' c', '\td', '-e', '+f', 'g\r', '--- h', 'ü "i"');
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 2, maxLength: 30 }),
      fc.constantFrom('\n', ''),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (lines, end, changes) => {
        const file = { name: 'rules', text: `${lines.join('\n')}${end}`, isNamed: true };
        const draft = changes.reduce(changed, Draft.of(file));
        const patch = unifiedDiff([{ before: file.text, draft }]);
        const way = ['--binary', '--force'];
        const made = patch === '' ? [file] : patchedFiles([file], patch, way);
        expect(made[0]?.text).toBe(draft.file.text);
        const back = patch === '' ? [file] : patchedFiles(made, patch, [...way, '--reverse']);
        expect(back[0]?.text).toBe(file.text);
      },
    ),
    { numRuns: runs, seed },
  );
});

it('names no file outside of the folder, which `patch` would not take', () => {
  for (const name of [
    '/etc/sysconfig/iptables',
    '../../etc/sysconfig/iptables',
    './etc/sysconfig/iptables',
  ]) {
    const before = 'one\n';
    const draft = Draft.of({ name, text: before }).insertedBefore(1, ['none']);
    expect(unifiedDiff([{ before, draft }])).toMatch(/^--- etc\/sysconfig\/iptables\n/);
  }
});

it('shows what is gone before what is new, with three lines around', () => {
  const before = 'one\ntwo\nthree\nfour\nfive\nsix\n';
  const draft = Draft.of({ name: 'a', text: before }).replaced(5, 'FIVE').insertedBefore(5, ['4.5']);
  expect(unifiedDiff([{ before, draft }])).toBe(
    '--- a\n+++ a\n@@ -2,5 +2,6 @@\n two\n three\n four\n-five\n+4.5\n+FIVE\n six\n',
  );
});
