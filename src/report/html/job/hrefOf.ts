/** A link to a file by its path from the page's folder. It begins with a dot, so that no name of a file can pass for anything but a path. */
export function hrefOf(path: string): string {
  return `./${path.split('/').map(encodedPart).join('/')}`;
}

function encodedPart(part: string): string {
  // Half a character has no code of its own.
  return encodeURIComponent(part.replaceAll(/[\ud800-\udfff]/gu, '\ufffd'));
}
