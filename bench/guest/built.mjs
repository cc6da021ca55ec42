import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The URL of a built module of lvs-lab. Throws where it was not built. @param {string} name below dist */
export function built(name) {
  const url = new URL(`../../dist/${name}`, import.meta.url);
  if (!existsSync(url)) {
    throw new Error(`expected ${fileURLToPath(url)}, found nothing there: run \`npm run build\` first`);
  }
  return url.href;
}
