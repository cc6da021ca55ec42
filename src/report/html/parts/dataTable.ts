import { html, type Content, type Html } from '../markup/html.js';

/** A table whose first column heads its rows. It may be wider than the page, and is then moved to and fro in its own frame. */
export function dataTable(
  heads: readonly Content[],
  rows: readonly (readonly Content[])[],
  { caption, kinds = [] }: { readonly caption: Content; readonly kinds?: readonly string[] },
): Html {
  return html`<div class="frame" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...others], index) =>
            html`<tr class="${kinds[index] ?? ''}">
              <th scope="row">${first}</th>
              ${others.map((cell) =>
                typeof cell === 'number' ? html`<td class="number">${cell}</td>` : html`<td>${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A table that lies folded behind a plot. */
export function foldedTable(title: Content, table: Html): Html {
  return html`<details class="folded">
    <summary>${title}</summary>
    ${table}
  </details>`;
}
