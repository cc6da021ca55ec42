/** The command line of this benchmark, as it was given to npm. */
export function commandText(script: string): string {
  const asked = process.argv.slice(2);
  return [`npm run ${script}`, ...(asked.length === 0 ? [] : ['--', ...asked])].join(' ');
}
