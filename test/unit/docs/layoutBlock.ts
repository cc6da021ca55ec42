/** A folder that the layout of docs/architecture.md names, relative to the package's root, without a slash at its end. */
function foldersIn(names: string, below: string): string[] {
  return [...names.matchAll(/([\w./-]+)\//g)].map(([, name = '']) =>
    below === '' ? name : `${below}/${name}`,
  );
}

/** The folders that the layout of docs/architecture.md shows, at the start of their lines. */
export function foldersShown(page: string): readonly string[] {
  const block = /\n## Layout\n\n((?: {4}.*\n)+)/.exec(page)?.[1] ?? '';
  let top = '';
  return block.split('\n').flatMap((line) => {
    const [, indent = '', names = ''] = /^( {4,6})((?:[\w.-]+\/)+(?: {2}(?:[\w.-]+\/)+)*)/.exec(line) ?? [];
    if (names === '') return [];
    const folders = foldersIn(names, indent.length === 4 ? '' : top);
    if (indent.length === 4) top = folders[0] ?? '';
    return folders;
  });
}
