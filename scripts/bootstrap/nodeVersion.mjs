/**
 * What is wrong with this Node, or undefined when it will do.
 * @param {string} found as in process.versions.node
 * @param {string} range as in package.json's engines: `>=MAJOR.MINOR`
 * @returns {string | undefined}
 */
export function nodeVersionProblem(found, range) {
  const [major = 0, minor = 0] = range.replace('>=', '').split('.').map(Number);
  const [foundMajor = 0, foundMinor = 0] = found.split('.').map(Number);
  if (foundMajor > major || (foundMajor === major && foundMinor >= minor)) return undefined;
  return `expected Node ${major}.${minor} or newer, found ${found}: install a newer Node and try again`;
}
