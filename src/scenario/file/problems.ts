import { didYouMean, nearest } from '../../support/suggest.js';
import { falseBlankText } from './yaml/falseBlank.js';
import type { LocatedProblem, SourceDocument } from './yaml/sourceDocument.js';
import { issueText } from './issues/issueText.js';
import { type FlatIssue, flatten, valueAt } from './issues/flatten.js';
import type { Issue } from './issues/issue.js';
import type { JsonSchema } from './jsonSchema.js';
import { placeOfLine } from '../model/place.js';
import { keyText, knownKeys } from './knownKeys.js';

/** Turns the schema's issues into problems with a place in the file and, for misspelt words, a suggestion. */
export function locateIssues(
  issues: readonly Issue[],
  source: SourceDocument,
  schema: JsonSchema,
): readonly LocatedProblem[] {
  const flat = lowestLimits(issues.flatMap((issue) => flatten(issue, source.data)));
  const misspelt = new Set(flat.flatMap((one) => meantKeys(one, schema)));
  return flat.flatMap(({ issue, path }) => {
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, path);
      return (issue.keys ?? []).map((key) => ({
        ...source.locate([...path, key], 'key'),
        message: unknownKey(key, known),
      }));
    }
    const value = valueAt(source.data, path);
    if (path.length > 0 && value === undefined) {
      // A key that is there under a misspelt name has been reported as the unknown key it is.
      if (misspelt.has(pathText(path))) return [];
      return [{ ...source.locate(path.slice(0, -1), 'key'), message: missingKey(path, schema) }];
    }
    const at = issue.code === 'invalid_key' || issue.params?.['at'] === 'key' ? 'key' : 'value';
    const line = issue.params?.['line'];
    const place =
      typeof line === 'number' ? placeOfLine(source.placeOf(path), line) : source.locate(path, at);
    return [{ ...place, message: issueText(issue, value, source.writtenAt(path)) }];
  });
}

/** Issues without those of a value that is above a lower limit too: a huge number is also above the largest exact one. */
function lowestLimits(all: readonly FlatIssue[]): readonly FlatIssue[] {
  const lowest = new Map<string, number>();
  for (const { issue, path } of all) {
    if (issue.maximum === undefined) continue;
    const key = pathText(path);
    lowest.set(key, Math.min(lowest.get(key) ?? Infinity, Number(issue.maximum)));
  }
  return all.filter(
    ({ issue, path }) => issue.maximum === undefined || Number(issue.maximum) === lowest.get(pathText(path)),
  );
}

/** The paths that unknown keys were probably meant to have. */
function meantKeys({ issue, path }: FlatIssue, schema: JsonSchema): readonly string[] {
  const known = knownKeys(schema, path);
  return (issue.keys ?? []).flatMap((key) => {
    const meant = nearest(key, known);
    return meant === undefined ? [] : [pathText([...path, meant])];
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const expected = `; expected one of ${known.map((name) => `\`${name}\``).join(', ')}`;
  return `unknown key \`${key}\`${falseBlankText(key) || didYouMean(key, known) || expected}`;
}

function missingKey(path: readonly PropertyKey[], schema: JsonSchema): string {
  const description = keyText(schema, path);
  return `missing key \`${String(path.at(-1))}\`${description === undefined ? '' : `: ${description}`}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}
