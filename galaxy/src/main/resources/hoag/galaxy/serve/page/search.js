// Browse, and search by galaxies, places and pictures: more like these, less like those.
import { get, post, thumbnail } from './api.js';
import { el, guarded, number, picture, place, tell, walk, busy } from './ui.js';
import { open } from './viewer.js';

const PAGE = 60;
const state = { like: [], unlike: [], text: '', where: '', from: 0, metric: 'euclidean', k: '60' };
const uploads = new Map(); // name -> address of the picture in this browser

export async function show(main, survey, given) {
  for (const side of ['like', 'unlike']) if (given.has(side)) state[side] = given.getAll(side);
  if (given.has('where')) state.where = given.get('where');
  const find = el('input', { id: 'find', type: 'search', class: 'grow', value: state.text, placeholder: survey.coordinates ? 'id, or ra, dec in degrees' : 'id, or part of it', 'aria-label': 'Find a galaxy', autocomplete: 'off', spellcheck: 'false' });
  const file = el('input', { type: 'file', id: 'file', class: 'visually-hidden', accept: '.jpg,.jpeg,.png,.fits,.fit,.fits.gz,.fz', onchange: () => upload(file.files) });
  const metric = el('select', { 'aria-label': 'Distance' }, ['euclidean', 'cosine', 'manhattan'].map((m) => el('option', { value: m, selected: m === state.metric }, m)));
  const count = el('select', { 'aria-label': 'How many' }, ['30', '60', '120', '300', '1000'].map((k) => el('option', { value: k, selected: k === state.k }, k)));
  const chips = el('div', { class: 'chips', 'aria-label': 'Examples' });
  const head = el('h2', { 'aria-live': 'polite' });
  const grid = el('ul', { class: 'grid', 'aria-label': 'Galaxies' });
  const more = el('button', { hidden: true, onclick: () => browse(true) }, 'More');
  const where = el('input', { id: 'where', class: 'grow', value: state.where, placeholder: 'only those with, say, mag < 17 and type = \'Sb\'', 'aria-label': 'Condition on what the catalogue says', autocomplete: 'off', spellcheck: 'false', list: 'columns' });
  const map = el('a', { class: 'button', hidden: true }, 'Show on the map');
  const bar = el('form', { class: 'panel bar', role: 'search', onsubmit: (event) => { event.preventDefault(); look(); } },
    el('div', { class: 'row' }, find, el('button', { class: 'main' }, 'Find'),
      survey.looks && el('label', { for: 'file', class: 'button', tabindex: '0', onkeydown: (e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); file.click(); } } }, 'Search by a picture'), survey.looks && file,
      metric, count), survey.columns.length > 0 && el('details', { class: 'where', open: state.where !== '' }, el('summary', {}, 'Only some of them'), el('div', { class: 'row' }, where, el('button', { type: 'submit' }, 'Apply')), el('p', { class: 'muted small columns', tabindex: survey.columns.length > 20 ? '0' : null }, 'Columns: ', survey.columns.join(', '))), chips);
  main.replaceChildren(bar, el('div', { class: 'row spread gap' }, head, map), grid, el('div', { class: 'row gap' }, more));
  walk(grid);
  metric.addEventListener('change', () => { state.metric = metric.value; refresh(); });
  count.addEventListener('change', () => { state.k = count.value; refresh(); });
  const keydown = (event) => {
    if (busy(event) || document.querySelector('dialog[open]')) return;
    const cell = event.target.closest?.('.cell');
    if (cell && event.key.toLowerCase() === 'l') toggle('like', cell.dataset.id);
    if (cell && event.key.toLowerCase() === 'u') toggle('unlike', cell.dataset.id);
  };
  const over = (event) => { event.preventDefault(); bar.classList.add('drop'); };
  const out = () => bar.classList.remove('drop');
  const drop = (event) => { event.preventDefault(); out(); if (survey.looks) upload(event.dataTransfer.files); };
  document.addEventListener('keydown', keydown);
  document.addEventListener('dragover', over);
  document.addEventListener('dragleave', out);
  document.addEventListener('drop', drop);

  const look = guarded(async () => {
    state.text = find.value.trim();
    const condition = where.value.trim();
    if (condition !== state.where) {
      state.where = condition;
      await refresh();
      return;
    }
    if (/^[+-]?[\d.]+\s*,\s*[+-]?[\d.]+$/.test(state.text)) {
      const found = await get('/search', { like: state.text, k: 1 });
      add('like', found.like[0]);
      find.value = state.text = '';
    } else {
      state.like = [];
      state.unlike = [];
      await refresh();
    }
  });

  const upload = guarded(async (files) => {
    for (const one of files) {
      tell(`Looking at ${one.name} …`);
      const said = await post('/examples', one, one.type || 'application/octet-stream');
      uploads.set(said.example, { name: one.name, src: URL.createObjectURL(one) });
      add('like', said.example);
    }
    file.value = '';
  });

  function toggle(side, id) {
    if (state[side].includes(id)) {
      state[side] = state[side].filter((other) => other !== id);
      refresh();
    } else add(side, id);
  }

  function add(side, id) {
    const other = side === 'like' ? 'unlike' : 'like';
    state[other] = state[other].filter((one) => one !== id);
    if (!state[side].includes(id)) state[side].push(id);
    refresh();
  }

  function draw() {
    chips.replaceChildren(...['like', 'unlike'].flatMap((side) => state[side].map((id) => {
      const sent = uploads.get(id);
      return el('div', { class: 'chip ' + side }, picture(sent?.src ?? thumbnail(id), ''), el('b', {}, side === 'like' ? 'like' : 'not like'), el('span', { title: sent?.name ?? id }, sent?.name ?? id),
        el('button', { class: 'plain', type: 'button', 'aria-label': `Leave out ${sent?.name ?? id}`, onclick: () => toggle(side, id) }, '×'));
    })));
    if (state.like.length || state.unlike.length) {
      chips.append(el('button', { type: 'button', onclick: () => { state.like = []; state.unlike = []; refresh(); } }, 'Clear'));
    }
  }

  function cell(g, note) {
    const button = (side, sign, words) => el('button', { class: side === 'unlike' ? 'no' : '', title: words, 'aria-label': `${words} ${g.id}`, 'aria-pressed': String(state[side].includes(g.id)), onclick: () => toggle(side, g.id) }, sign);
    return el('li', { class: 'cell', 'data-id': g.id },
      el('button', { class: 'open', 'aria-label': `Open ${g.id}`, onclick: () => open(g.id, survey, () => {}) }, picture(thumbnail(g.id), '')),
      el('div', { class: 'acts' }, button('like', '+', 'More like'), button('unlike', '−', 'Less like')),
      el('div', { class: 'text' }, el('div', { class: 'id', title: g.id }, g.id), el('div', { class: 'small' }, el('span', {}, note ?? place(g)))));
  }

  const browse = guarded(async (again) => {
    state.from = again ? state.from + PAGE : 0;
    let listed;
    try {
      listed = await get('/galaxies', { from: state.from, count: PAGE, text: state.text, where: state.where });
    } catch (error) {
      nothing(error);
      return;
    }
    head.textContent = state.text ? `${listed.total.toLocaleString('en')} with “${state.text}” in the id` : state.where ? `${listed.total.toLocaleString('en')} with ${state.where}` : 'All galaxies';
    if (!again) grid.replaceChildren();
    const at = grid.children.length;
    grid.append(...listed.galaxies.map((g) => cell(g)));
    if (again) grid.children[at]?.querySelector('.open').focus();
    more.hidden = state.from + PAGE >= listed.total;
    map.hidden = true;
    if (!listed.total) grid.replaceChildren(el('li', { class: 'empty' }, state.where ? 'No galaxy fulfils that.' : 'No galaxy of that id.'));
  });

  // Why there are none, for as long as that is so; what passes by itself leaves the galaxies where they are.
  function nothing(error) {
    if (!(error.status >= 400 && error.status < 429)) throw error;
    head.textContent = 'No galaxies';
    grid.replaceChildren(el('li', { class: 'empty' }, error.message));
    more.hidden = true;
    map.hidden = true;
  }

  let asked = 0;
  const refresh = guarded(async () => {
    const mine = ++asked;
    draw();
    const query = new URLSearchParams([...state.like.map((l) => ['like', l]), ...state.unlike.map((u) => ['unlike', u]), ...(state.where ? [['where', state.where]] : [])]).toString();
    history.replaceState(null, '', '#search' + (query ? '?' + query : ''));
    if (!state.like.length) return browse(false);
    let found;
    try {
      found = await get('/search', { like: state.like, unlike: state.unlike, k: state.k, metric: state.metric, where: state.where });
    } catch (error) {
      if (mine === asked) nothing(error);
      return undefined;
    }
    if (mine !== asked) return undefined;
    const back = document.activeElement?.closest?.('.cell')?.dataset.id;
    head.textContent = `${found.found.length} galaxies, the most similar first`;
    grid.replaceChildren(...found.found.map((g) => cell(g, number(g.distance))));
    more.hidden = true;
    map.hidden = !survey.tabs.includes('map');
    map.href = '#map?' + new URLSearchParams([...state.like.map((l) => ['like', l]), ...state.unlike.map((u) => ['unlike', u]), ['k', state.k], ['metric', state.metric], ['where', state.where]]);
    if (back) grid.querySelector(`[data-id="${CSS.escape(back)}"] .open`)?.focus();
    return undefined;
  });

  await refresh();
  if (given.has('open')) open(given.get('open'), survey);
  return () => {
    document.removeEventListener('keydown', keydown);
    document.removeEventListener('dragover', over);
    document.removeEventListener('dragleave', out);
    document.removeEventListener('drop', drop);
  };
}
