/** A changelog in which what was unreleased is a version's, and the text of that section. */
export interface ReleasedChangelog {
  readonly text: string;
  readonly section: string;
}

const heading = '## [Unreleased]\n';

/** Makes the unreleased section that of a version. Throws an Error when there is nothing in it, or the version has one already. */
export function releasedChangelog(text: string, version: string, date: string): ReleasedChangelog {
  if (text.includes(`\n## [${version}]`))
    throw new Error(`expected no ${version} in CHANGELOG.md yet, found one`);
  const [before = '', behind] = text.split(heading);
  if (behind === undefined)
    throw new Error(`expected \`${heading.trim()}\` in CHANGELOG.md, found no such line`);
  const end = behind.search(/^## \[/m);
  const section = (end === -1 ? behind : behind.slice(0, end)).trim();
  if (section === '') throw new Error('expected changes under Unreleased in CHANGELOG.md, found none');
  const rest = end === -1 ? '' : `\n${behind.slice(end)}`;
  return { text: `${before}${heading}\n## [${version}] - ${date}\n\n${section}\n${rest}`, section };
}
