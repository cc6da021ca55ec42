import type { AddedTool } from '../../contracts/identities.js';

/** What was put into an image, as part of a sentence about it: a package, or a file in its place, with the head of its SHA-256. */
export function addedToolText({ name, sha256, path }: AddedTool): string {
  return `${path === undefined ? 'with' : `${path} is`} ${name} (${sha256.slice(0, 12)})`;
}
