import type { Issue } from './issue.js';

/** An issue with its path from the top of the file. */
export interface FlatIssue {
  readonly issue: Issue;
  readonly path: readonly PropertyKey[];
}

/**
 * Replaces the issue of a union ("none of the alternatives fits") by the issues of the alternative that the author most
 * likely meant: of those with the right type of value, the one with the fewest things wrong.
 */
export function flatten(
  issue: Issue,
  data: unknown,
  parent: readonly PropertyKey[] = [],
): readonly FlatIssue[] {
  const path = [...parent, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const value = valueAt(data, path);
  const likeliest = (issue.errors ?? [])
    .filter((errors) => errors.every((error) => error.path.length > 0 || hasRightType(error, value)))
    .map((errors) => errors.flatMap((error) => flatten(error, data, path)))
    .sort((a, b) => weight(a) - weight(b))[0];
  return likeliest ?? [{ issue, path }];
}

/** The value at a path of plain data; undefined: there is none. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, segment) => {
    const isContainer = typeof value === 'object' && value !== null && Object.hasOwn(value, segment);
    return isContainer ? (value as Record<PropertyKey, unknown>)[segment] : undefined;
  }, data);
}

function hasRightType(issue: Issue, value: unknown): boolean {
  if (issue.code === 'invalid_value') return (issue.values ?? []).some((one) => typeof one === typeof value);
  return issue.code !== 'invalid_type';
}

function weight(alternative: readonly FlatIssue[]): number {
  return alternative.reduce((sum, { issue }) => sum + (issue.keys?.length ?? 1), 0);
}
