// One galaxy: its picture with stretch, bands and zoom, what the catalogue, people and the model say of it, its neighbours, a rating.
import { get, say, galaxy, thumbnail } from './api.js';
import { el, guarded, picture, place, plain, stars, tell, who, busy, number } from './ui.js';
import { stage } from './stage.js';

const dialog = document.getElementById('viewer');
let onKey;

export const open = guarded(async (id, survey, changed) => {
  const one = await get(galaxy(id));
  const view = stage(one.picture ? galaxy(id) + '/picture' : thumbnail(id), `Picture of ${id}`);
  const rates = el('div', { class: 'rates', role: 'group', 'aria-label': 'Rating, 0 dull to 5 what you look for' });
  const near = el('div', { class: 'queue' });
  const mine = () => one.labels.find((label) => label.tree === '' && label.who === who());
  const rate = guarded(async (value) => {
    const said = await say('/labels', { who: who(), galaxy: id, rating: value });
    one.labels = [...one.labels.filter((label) => label !== mine()), said];
    draw();
    tell(`${id}: ${stars(value)}`);
    changed?.();
  });
  const draw = () => rates.replaceChildren(...[0, 1, 2, 3, 4, 5].map((value) => el('button', { 'aria-pressed': String(mine()?.answer === String(value)), 'aria-label': `Rate ${value}`, onclick: () => rate(value) }, String(value))));
  draw();

  dialog.replaceChildren(
    el('div', { class: 'row spread' }, el('h1', { id: 'viewer-title' }, id), el('div', { class: 'row' },
      survey.tabs.includes('search') && el('a', { class: 'button', href: `#search?like=${encodeURIComponent(id)}`, onclick: () => dialog.close() }, 'More like this'),
      survey.tabs.includes('map') && el('a', { class: 'button', href: `#map?show=${encodeURIComponent(id)}`, onclick: () => dialog.close() }, 'On the map'),
      el('button', { onclick: () => dialog.close(), 'aria-label': 'Close' }, 'Close'))),
    el('div', { class: 'two gap' },
      el('div', {}, view.box, el('div', { class: 'row gap' }, el('button', { onclick: () => view.zoom(1.5), 'aria-label': 'Zoom in' }, '+'), el('button', { onclick: () => view.zoom(1 / 1.5), 'aria-label': 'Zoom out' }, '−'), el('button', { onclick: () => view.reset() }, 'All'), one.picture && el('a', { class: 'button', href: galaxy(id) + '/picture?side=2048', download: id.replace(/[^\w.+-]/g, '_') + '.png' }, 'Save')),
        one.picture && tools(one, view)),
      el('div', {},
        el('h2', {}, 'How interesting is it?'), rates,
        facts(one), said(one), model(one, survey),
        survey.tabs.includes('search') && el('div', { class: 'gap' }, el('h2', {}, 'Most similar'), near))));
  if (!dialog.open) dialog.showModal();
  view.box.focus();
  dialog.removeEventListener('keydown', onKey);
  onKey = (event) => {
    if (!busy(event) && /^[0-5]$/.test(event.key)) rate(Number(event.key));
  };
  dialog.addEventListener('keydown', onKey);
  const found = await get('/search', { like: id, k: 8 });
  near.replaceChildren(...found.found.map((g) => el('button', { title: `${g.id}: ${number(g.distance)}`, 'aria-label': `Open ${g.id}`, onclick: () => open(g.id, survey, changed) }, picture(thumbnail(g.id), ''))));
});

function tools(one, view) {
  const fits = one.planes > 0;
  const q = el('input', { id: 'q', type: 'range', min: -2, max: 3, step: 0.1, value: fits ? 1 : 0 });
  const low = el('input', { id: 'low', type: 'range', min: 0, max: 49, step: 0.5, value: 0 });
  const high = el('input', { id: 'high', type: 'range', min: 80, max: 100, step: 0.1, value: 99.7 });
  const shown = [q, low, high].map(() => el('output', {}));
  const bands = el('select', { id: 'bands' }, choices(one.planes).map((b) => el('option', { value: b }, b.split(',').length > 1 ? `planes ${b} as red, green, blue` : `plane ${b}`)));
  let stretched = fits;
  let timer;
  const draw = () => {
    shown[0].value = number(10 ** q.value, 2);
    shown[1].value = low.value + '%';
    shown[2].value = high.value + '%';
    const query = new URLSearchParams({ stretch: stretched ? 'asinh' : 'auto' });
    if (stretched) for (const [name, value] of [['q', 10 ** q.value], ['low', low.value], ['high', high.value]]) query.set(name, value);
    if (one.planes > 1) bands.value.split(',').forEach((plane) => query.append('bands', plane));
    clearTimeout(timer);
    timer = setTimeout(() => { view.img.src = `${galaxy(one.id)}/picture?${query}`; }, 90);
  };
  for (const input of [q, low, high]) input.addEventListener('input', () => { stretched = true; draw(); });
  bands.addEventListener('change', draw);
  shown[0].value = number(10 ** q.value, 2);
  shown[1].value = low.value + '%';
  shown[2].value = high.value + '%';
  const line = (label, input, output) => [el('label', { for: input.id }, label), input, output ?? el('span')];
  return el('div', { class: 'tools' }, line('Faint light', q, shown[0]), line('Black', low, shown[1]), line('White', high, shown[2]), one.planes > 1 && line('Bands', bands),
    el('span'), el('button', { onclick: () => { stretched = fits; q.value = fits ? 1 : 0; low.value = 0; high.value = 99.7; draw(); } }, 'As it was'));
}

function choices(planes) {
  const all = planes >= 3 ? [`${planes - 1},${Math.floor((planes - 1) / 2)},0`, `0,${Math.floor((planes - 1) / 2)},${planes - 1}`] : [];
  for (let p = 0; p < Math.min(planes, 20); p++) all.push(String(p));
  return all;
}

function facts(one) {
  const lines = [['place', place(one)], ...Object.entries(one.columns)].filter(([, value]) => value !== '');
  return lines.length ? el('div', { class: 'gap' }, el('h2', {}, 'Catalogue'), el('dl', { class: lines.length > 12 ? 'facts many' : 'facts', tabindex: lines.length > 12 ? '0' : null, 'aria-label': lines.length > 12 ? 'Catalogue' : null }, lines.slice(0, 400).map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]))) : null;
}

function said(one) {
  return one.labels.length ? el('div', { class: 'gap' }, el('h2', {}, 'What people say'), el('dl', { class: 'facts' }, one.labels.map((label) => [el('dt', {}, label.who), el('dd', {}, label.tree ? `${plain(label.question)}: ${plain(label.answer)}` : stars(Number(label.answer)))]))) : null;
}

function model(one, survey) {
  if (!survey.looks || !one.picture) return null;
  const box = el('div');
  const button = el('button', {
    onclick: guarded(async () => {
      button.disabled = true;
      const answer = await get(galaxy(one.id) + '/prediction');
      box.replaceChildren(...answer.findings.map((finding) => {
        const best = finding.answers[0];
        const bar = el('div', { class: 'likely' });
        if (best.fraction !== undefined) {
          const fill = el('i');
          fill.style.width = `${100 * best.fraction}%`;
          bar.append(fill);
          if (best.lower !== undefined) {
            const range = el('u');
            range.style.left = `${100 * best.lower}%`;
            range.style.width = `${100 * (best.upper - best.lower)}%`;
            bar.append(range);
          }
        }
        return el('div', { class: 'finding' }, el('div', { class: 'row spread' }, el('span', { class: 'muted' }, finding.question), el('span', {}, `${best.answer}${best.fraction === undefined ? '' : ` ${Math.round(100 * best.fraction)}%`}`)), best.fraction !== undefined && bar);
      }));
      button.remove();
    }),
  }, 'Ask the model');
  return el('div', { class: 'gap' }, el('h2', {}, 'The model'), box, button);
}
