import { describe, expect, it } from 'vitest';
import { html } from '../../../../../src/report/html/markup/html.js';

describe('html', () => {
  it('escapes every value, in text and in attributes, and no piece of a page twice', () => {
    const hostile = `<img src=x onerror="alert('1')">&amp;`;
    const inner = html`<b title="${hostile}">${hostile}</b>`;
    expect(html`<p>${inner}</p>`.markup).toBe(
      '<p><b title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;">' +
        '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;</b></p>',
    );
  });

  it('writes out what no reader could see, or what would turn the text round', () => {
    expect(html`${'a\u0000\u001b[31m\u202eb\nc'}`.markup).toBe('a\\u0000\\u001b[31m\\u202eb\nc');
  });

  it('cuts a text that nobody reads to its end, and says how much there is of it', () => {
    const { markup } = html`${'x'.repeat(1_000_000)}`;
    expect(markup.length).toBeLessThan(21_000);
    expect(markup).toMatch(/x \[\.\.\. 980000 characters more\]$/);
    expect(html`${'x'.repeat(20_000)}`.markup).toHaveLength(20_000);
  });

  it('takes lists and numbers, and makes nothing of undefined', () => {
    expect(html`${[1, '<', [html`<i></i>`]]}${undefined}`.markup).toBe('1&lt;<i></i>');
  });
});
