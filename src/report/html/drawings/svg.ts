import { html, type Content, type Html } from '../markup/html.js';

/** A drawing without the element around it, which says how it is called. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly content: Html;
}

export function svg(size: { readonly width: number; readonly height: number }, content: Content): Drawing {
  return { ...size, content: html`${content}` };
}

/** A drawing in a page, named by the element with this id. */
export function drawnInPage({ width, height, content }: Drawing, namedBy: string): Html {
  return html`<svg
    class="drawing"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-labelledby="${namedBy}"
  >
    ${content}
  </svg>`;
}

/** The text of an SVG file: the drawing with its title, and the styles that it takes. */
export function svgFileText({ width, height, content }: Drawing, title: string, styles: string): string {
  const { markup } = html`<title>${title}</title
    ><rect class="paper" width="${width}" height="${height}" />${content}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="drawing" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" role="img">\n` +
    `<style>\n${styles}</style>\n${markup}\n</svg>\n`
  );
}
