// The frame: tabs that the server names, each a module of that name with a function show(main, survey) that may return a function to call on leaving.
import { get, post, resume } from './api.js';
import { el, busy, tell } from './ui.js';

const NAMES = { search: 'Search', map: 'Map', anomalies: 'Anomalies', label: 'Label', history: 'History' };
const main = document.getElementById('main');
let survey;
let leave;

async function session() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token) {
    await post('/session', { token });
    history.replaceState(null, '', '#search');
  }
  try {
    return await get('/survey');
  } catch (error) {
    if (error.status !== 401) throw error;
    return ask();
  }
}

function ask() {
  return new Promise((come) => {
    const field = el('input', { id: 'token', type: 'password', autocomplete: 'current-password', required: true, class: 'grow' });
    main.replaceChildren(el('form', {
      class: 'panel',
      onsubmit: async (event) => {
        event.preventDefault();
        try {
          await post('/session', { token: field.value.trim() });
          come(await get('/survey'));
        } catch (error) {
          tell(error.message, true);
        }
      },
    }, el('h1', {}, 'This survey wants a token'), el('p', { class: 'muted' }, 'It was printed where hoag serve was started.'),
    el('div', { class: 'row gap' }, el('label', { for: 'token' }, 'Token'), field, el('button', { class: 'main' }, 'Enter'))));
    field.focus();
  });
}

async function show() {
  const tab = location.hash.slice(1).split('?')[0];
  const name = survey.tabs.includes(tab) ? tab : survey.tabs[0];
  leave?.();
  leave = undefined;
  document.querySelectorAll('#tabs a').forEach((a) => {
    if (a.hash === '#' + name) a.setAttribute('aria-current', 'page');
    else a.removeAttribute('aria-current');
  });
  document.title = `${NAMES[name] ?? name} · ${survey.name} · Hoag`;
  try {
    const module = await import(`./${name}.js`);
    leave = await module.show(main, survey, new URLSearchParams(location.hash.split('?')[1] ?? ''));
    main.dataset.tab = name;
  } catch (error) {
    tell(error.message, true);
  }
}

function keys() {
  const dialog = document.getElementById('keys');
  const lines = [['/', 'to the search field'], ['← ↑ ↓ →', 'from galaxy to galaxy'], ['Enter', 'open a galaxy'], ['L', 'more like this one'], ['U', 'less like this one'],
    ['0 … 5', 'rate (Anomalies, and in the viewer)'], ['1 … 9', 'answer (Label)'], ['Backspace', 'take the last one back'], ['S', 'skip (Anomalies, Label)'],
    ['V L B', 'move, lasso, box (Map)'], ['Space', 'choose all in view (Map)'], ['⇧ ← ↑ ↓ →', 'to the next galaxy (Map)'],
    ['+ − 0', 'zoom (in the viewer, on the picture)'], ['Esc', 'close'], ['?', 'this list']];
  dialog.replaceChildren(
    el('div', { class: 'row spread' }, el('h1', { id: 'keys-title' }, 'Keys'), el('button', { class: 'plain', onclick: () => dialog.close() }, 'Close')),
    el('dl', { class: 'facts gap' }, lines.map(([k, what]) => [el('dt', {}, el('kbd', {}, k)), el('dd', {}, what)])));
  dialog.showModal();
}

function said() {
  document.getElementById('about').textContent = `${survey.name}: ${survey.galaxies.toLocaleString('en')} galaxies, `
    + `${survey.features.toLocaleString('en')} features each${survey.coordinates ? ', with places on the sky' : ''}`
    + `${survey.looks ? '' : '. Its model is not here: new pictures cannot be looked at'}`;
}

// A survey may grow while it is looked at, and a server may stop and come back: both are said.
let away = false;
async function look() {
  try {
    const now = await get('/survey');
    const more = now.galaxies - survey.galaxies;
    const was = away;
    away = false;
    document.getElementById('away').hidden = true;
    Object.assign(survey, now);
    if (more > 0) grown(more);
    else if (was) tell('The server is back');
    said();
  } catch (error) {
    if (error.status) return;
    away = true;
    document.getElementById('away').hidden = false;
  }
}

function grown(more) {
  const box = document.getElementById('grown');
  box.replaceChildren(`The survey has grown by ${more.toLocaleString('en')} ${more === 1 ? 'galaxy' : 'galaxies'}. `,
    el('button', { onclick: () => { box.hidden = true; show(); } }, 'Show them'), el('button', { class: 'plain', 'aria-label': 'Not now', onclick: () => { box.hidden = true; } }, '×'));
  box.hidden = false;
}

const me = document.getElementById('who');
me.value = localStorage.getItem('hoag.who') ?? '';
me.addEventListener('change', () => localStorage.setItem('hoag.who', me.value.trim()));

document.addEventListener('keydown', (event) => {
  if (busy(event)) return;
  if (event.key === '?') keys();
  if (event.key === '/' && document.getElementById('find')) {
    document.getElementById('find').focus();
    event.preventDefault();
  }
});

try {
  survey = await session();
  document.getElementById('tabs').replaceChildren(...survey.tabs.map((tab) => el('a', { href: '#' + tab }, NAMES[tab] ?? tab)));
  said();
  resume();
  addEventListener('hashchange', show);
  await show();
  document.body.dataset.ready = 'true';
  setInterval(() => { if (document.visibilityState === 'visible') look(); }, 10000);
  addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') look(); });
  addEventListener('online', look);
} catch (error) {
  main.replaceChildren(el('p', { class: 'empty' }, `The survey cannot be shown: ${error.message}`));
}
