import { html, type Html } from '../markup/html.js';
import { chinese } from './chinese.js';
import { english, type Words } from './english.js';

/** Picks a text from the words of a language. */
export type PickText = (words: Words) => string;

/** Makes the piece of a page that says something, in one language or in all that its reader can choose from. */
export type Say = (pick: PickText) => Html;

/** Says it in both languages, of which the page shows the one that its reader has chosen. */
export const inBoth: Say = (pick) => {
  const [one, other] = [pick(english), pick(chinese)];
  if (one === other) return html`${one}`;
  return html`<span class="en">${one}</span><span class="zh" lang="zh-Hans">${other}</span>`;
};

/** The same inside of a drawing. */
export const inBothDrawn: Say = (pick) => {
  const [one, other] = [pick(english), pick(chinese)];
  if (one === other) return html`${one}`;
  return html`<tspan class="en">${one}</tspan><tspan class="zh" lang="zh-Hans">${other}</tspan>`;
};

/** Says it in English alone, as a file of its own does that nobody can switch. */
export const inEnglish: Say = (pick) => html`${pick(english)}`;
