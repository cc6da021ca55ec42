import { didYouMean } from '../../../support/suggest.js';
import type { Issue } from './issue.js';

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

/** An issue in one line: what was expected and what was found. `written` is the value as the file writes it, if that is one word. */
export function issueText(issue: Issue, value: unknown, written?: string): string {
  // Custom checks write the whole sentence, because only they know what is worth showing of what they found.
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_key') {
    return `${issue.issues?.[0]?.message ?? issue.message}, found \`${String(issue.path.at(-1))}\``;
  }
  const suggestion =
    issue.code === 'invalid_value' && typeof value === 'string' ? didYouMean(value, names(issue.values)) : '';
  const expected = expectation(issue);
  if (expected === 'text' && typeof value === 'number') {
    return `expected text, found the number \`${firstLine(written ?? String(value))}\`; in quotes it is text`;
  }
  const found =
    issue.code === 'too_big' && typeof value === 'string' ? `${value.length}` : valueText(value, written);
  return `expected ${expected}, found ${found}${suggestion}`;
}

function expectation(issue: Issue): string {
  const written = /^expected (.+)$/.exec(issue.message)?.[1];
  if (written !== undefined) return written;
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected ?? ''] ?? String(issue.expected);
    case 'invalid_value':
      return choice(names(issue.values));
    case 'invalid_union':
      return [
        ...new Set((issue.errors ?? []).flatMap(([first]) => (first ? [expectation(first)] : []))),
      ].join(' or ');
    case 'too_big':
      return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'too_small':
      return issue.origin === 'string' ? 'some text' : `at least ${issue.minimum}`;
    default:
      return issue.message;
  }
}

function names(values: readonly unknown[] = []): readonly string[] {
  return values.map(String);
}

function choice(values: readonly string[]): string {
  const list = values.map((name) => `\`${name}\``).join(', ');
  return values.length === 1 ? list : `one of ${list}`;
}

function valueText(value: unknown, written: string | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return value.trim() === '' ? 'nothing' : `the text \`${firstLine(value)}\``;
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a map';
  if (typeof value === 'number') return numberText(value, written ?? String(value));
  return `\`${JSON.stringify(value)}\``;
}

/** A number as the file writes it, with its value if that is not plain to see. */
function numberText(value: number, written: string): string {
  const shown = `\`${firstLine(written)}\``;
  if (Number.isNaN(value)) return `${shown}, which is no number`;
  if (!Number.isFinite(value))
    return `${shown}, which is ${/\d/.test(written) ? 'too large for a number' : 'no finite number'}`;
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return `${shown}, which is too large to be exact`;
  return /^[-+]?\d/.test(written) && Number(written) === value && !/^0[xo]/.test(written)
    ? shown
    : `${shown} (${value})`;
}

function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
