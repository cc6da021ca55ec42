import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import { html, type Content, type Html } from './markup/html.js';
import { inBoth } from './words/say.js';

/** The folder with the styles and the script of a page. */
const folder = join(packageRoot, 'page');

/** The styles of drawings, which those in files of their own have too. */
export function drawingStyles(): Promise<string> {
  return readFile(join(folder, 'drawing.css'), 'utf8');
}

/** A whole page: one file, with its styles and its script in it, which asks for nothing else. */
export async function documentText(page: {
  /** In the browser's title bar, where no language can be chosen. */
  readonly title: string;
  readonly heading: Content;
  readonly body: Content;
}): Promise<string> {
  const [own, drawings, script] = await Promise.all([
    readFile(join(folder, 'page.css'), 'utf8'),
    drawingStyles(),
    readFile(join(folder, 'page.js'), 'utf8'),
  ]);
  const styles = drawings + own;
  // Nothing else may run or be fetched, whatever a recorded text should bring along.
  const policy = `default-src 'none'; style-src '${digestOf(styles)}'; script-src '${digestOf(script)}'; base-uri 'none'; form-action 'none'`;
  const head = html`<meta charset="utf-8" /><meta
      http-equiv="Content-Security-Policy"
      content="${policy}"
    /><meta name="viewport" content="width=device-width, initial-scale=1" /><meta
      name="color-scheme"
      content="light dark"
    /><title>${page.title}</title>`;
  const body = html`<header>
      <h1>${page.heading}</h1>
      ${languages()}
    </header>
    <main>${page.body}</main>`;
  return (
    `<!doctype html>\n<html lang="en">\n<head>${head.markup}\n<style>${styles}</style>\n</head>\n` +
    `<body>${body.markup}\n<script>${script}</script>\n</body>\n</html>\n`
  );
}

/** Chosen without JavaScript too: the styles look at which of the two is on. */
function languages(): Html {
  const choice = (id: string, name: string, lang: string, isFirst: boolean) =>
    html`<label lang="${lang}"
      ><input type="radio" name="language" id="${id}" ${isFirst ? html`checked` : undefined} /> ${name}</label
    >`;
  return html`<fieldset class="languages">
    <legend>${inBoth((words) => words.language)}</legend>
    ${choice('english', 'English', 'en', true)}${choice('chinese', '\u4e2d\u6587', 'zh-Hans', false)}
  </fieldset>`;
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
