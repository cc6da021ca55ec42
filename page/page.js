// The script of a report's page. Without it the summary can be read; with it details are unpacked, and scenarios filtered.
'use strict';

/**
 * Unpacks a job's details, which are deflated JSON in base64, and puts them into the page. All in them that was recorded was escaped when
 * they were made.
 * @param {HTMLDetailsElement} job
 */
async function showDetails(job) {
  const packed = job.querySelector('template.packed');
  const place = job.querySelector('.more');
  if (!(packed instanceof HTMLTemplateElement) || place === null) return;
  packed.remove();
  const bytes = Uint8Array.from(atob(packed.content.textContent), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  /** @type {{ html: string }} */
  const details = JSON.parse(await new Response(stream).text());
  place.innerHTML = details.html;
}

/** Opens the job that the address names, and goes there. */
function openNamed() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const job = target?.closest('details.job');
  if (!(job instanceof HTMLDetailsElement)) return;
  job.open = true;
  job.scrollIntoView();
  target?.focus({ preventScroll: true });
}

/** Shows the rows and jobs that the form asks for, and how many. */
function filter() {
  const form = document.querySelector('form.filters');
  if (!(form instanceof HTMLFormElement)) return;
  const asked = new FormData(form);
  /** @param {string} name */
  const value = (name) => {
    const given = asked.get(name);
    return typeof given === 'string' ? given.trim() : '';
  };
  const words = value('text').toLowerCase().split(/\s+/);
  const choices = ['result', 'outcome', 'tag'].map((name) => ({ name, wanted: value(name) }));
  let shown = 0;
  for (const each of document.querySelectorAll('[data-text]')) {
    if (!(each instanceof HTMLElement)) continue;
    const has = words.every((word) => (each.dataset['text'] ?? '').includes(word));
    const fits = choices.every(
      ({ name, wanted }) => wanted === '' || (each.dataset[name] ?? '').split(' ').includes(wanted),
    );
    each.hidden = !(has && fits);
    if (!each.hidden && each.matches('details.job')) shown += 1;
  }
  for (const place of document.querySelectorAll('[data-shown]')) place.textContent = String(shown);
}

/** The language is the one that was chosen last, or that the reader's browser asks for. */
function chooseLanguage() {
  const kept = readKept();
  const wanted = kept ?? (navigator.language.toLowerCase().startsWith('zh') ? 'chinese' : 'english');
  for (const choice of document.querySelectorAll('input[name=language]')) {
    if (!(choice instanceof HTMLInputElement)) continue;
    choice.checked = choice.id === wanted;
    choice.addEventListener('change', () => {
      nameLanguage(choice.id);
      keep(choice.id);
    });
  }
  nameLanguage(wanted);
}

/** @param {string} language */
function nameLanguage(language) {
  document.documentElement.lang = language === 'chinese' ? 'zh-Hans' : 'en';
}

const keptAs = 'lvs-lab-language';

/** A page that was opened from a disk may not be allowed to keep anything. */
function readKept() {
  try {
    return localStorage.getItem(keptAs) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} language */
function keep(language) {
  try {
    localStorage.setItem(keptAs, language);
  } catch {
    // Then it is chosen again the next time.
  }
}

chooseLanguage();
for (const job of document.querySelectorAll('details.job')) {
  job.addEventListener('toggle', () => {
    if (job instanceof HTMLDetailsElement && job.open) void showDetails(job);
  });
}
for (const form of document.querySelectorAll('form.filters')) {
  if (!(form instanceof HTMLFormElement)) continue;
  form.hidden = false;
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
  });
}
window.addEventListener('hashchange', openNamed);
openNamed();
