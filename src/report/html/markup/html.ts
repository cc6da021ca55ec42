import { escapeControls } from '../../text/controlCharacters.js';

/** A piece of a page. Only `html` makes one, so that all text in it has been escaped. */
export class Html {
  constructor(readonly markup: string) {}
}

/** What may stand in a template: text, which is escaped, and pieces, which are not again; nothing comes of undefined. */
export type Content = Html | string | number | undefined | readonly Content[];

/** A text that is longer than this is cut, and says so: a page must open in a blink, whatever a file had in it. */
const longest = 20_000;

/**
 * Tag of templates that are markup: `html\`<b title="${text}">${text}</b>\``. Values are escaped for text and for attributes, which have
 * to be in quotes; control characters, and those that change the direction of writing, are written out.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(literals.map((literal, index) => literal + markupOf(values[index])).join(''));
}

function markupOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Html) return content.markup;
  if (typeof content === 'object') return content.map(markupOf).join('');
  return escapedText(String(content));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapedText(text: string): string {
  return escapeControls(shortened(text)).replaceAll(/[&<>"']/g, (one) => entities[one] ?? one);
}

function shortened(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)} [... ${String(text.length - longest)} characters more]`;
}
