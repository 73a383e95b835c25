// Rate a few galaxies from 0 to 5; after every rating the survey is ranked anew.
import { get, say, galaxy, thumbnail } from './api.js';
import { el, busy, guarded, handed, picture, stars, tell, walk, who, number } from './ui.js';
import { open } from './viewer.js';
import { stage } from './stage.js';

const WORDS = ['dull', '', '', '', '', 'this!'];

export async function show(main, survey, given) {
  const chosen = given?.has('chosen') ? handed() : null; // from the map: these are rated first
  const state = { queue: [], at: 0, away: new Set(), rated: 0 };
  const left = el('section', { class: 'panel', 'aria-label': 'Rate' });
  const head = el('h2', { 'aria-live': 'polite' });
  const grid = el('ul', { class: 'grid', 'aria-label': 'Ranked galaxies, the most interesting first' });
  const everybody = el('select', { 'aria-label': 'Whose ratings' }, el('option', { value: '' }, 'Everybody’s ratings'), el('option', { value: 'me' }, 'My ratings'));
  everybody.addEventListener('change', () => retrain());
  main.replaceChildren(el('div', { class: 'two' }, left, el('section', {}, el('div', { class: 'row spread bar' }, head, everybody), grid)));
  walk(grid);

  const current = () => state.queue[state.at];

  function draw() {
    const id = current();
    if (!id) {
      left.replaceChildren(el('p', { class: 'empty' }, 'Every galaxy is rated.'));
      return;
    }
    const view = stage(survey.pictures ? galaxy(id) + '/picture?side=600' : thumbnail(id), `Picture of ${id}`);
    view.img.addEventListener('error', () => { if (!view.img.src.endsWith('/thumbnail')) view.img.src = thumbnail(id); });
    left.replaceChildren(
      el('div', { class: 'row spread' }, el('h2', {}, id), el('span', { class: 'muted' }, chosen ? `${chosen.filter((each) => !state.away.has(each)).length} chosen ones to go` : `${state.rated} rated`)),
      view.box,
      el('div', { class: 'rates', role: 'group', 'aria-label': 'Rating' }, WORDS.map((word, value) => el('button', { id: 'rate' + value, 'aria-label': `Rate ${value}${word ? ', ' + word : ''}`, onclick: () => rate(value) }, String(value), el('small', {}, word || ' ')))),
      el('div', { class: 'row spread' }, el('button', { onclick: undo }, 'Undo ', el('kbd', {}, '⌫')), el('span', { class: 'muted keys-hint' }, 'Keys ', el('kbd', {}, '0'), ' to ', el('kbd', {}, '5')), el('button', { onclick: skip }, 'Skip ', el('kbd', {}, 'S'))),
      el('h2', { class: 'gap' }, 'Next'),
      el('div', { class: 'queue' }, state.queue.slice(0, 12).map((each, i) => el('button', { 'aria-current': String(i === state.at), 'aria-label': `Rate ${each} now`, onclick: () => { state.at = i; draw(); } }, picture(thumbnail(each), '')))));
  }

  // What is rated or skipped does not come back, though an answer that is on its way may still name it.
  function take(id) {
    state.away.add(id);
    state.queue.splice(state.at, 1);
    state.at = 0;
    draw();
  }

  const rate = guarded(async (value) => {
    const id = current();
    if (!id) return;
    take(id);
    await say('/labels', { who: who(), galaxy: id, rating: value });
    tell(`${id}: ${stars(value)}`);
    await retrain();
  });

  const undo = guarded(async () => {
    const said = await say('/labels/undo', { who: who() });
    if (!said) return;
    tell(`Taken back: ${said.galaxy}, ${said.question} ${said.answer}`);
    state.away.delete(said.galaxy);
    await retrain(said.galaxy);
  });

  function skip() {
    if (!current()) return;
    take(current());
    if (state.queue.length < 4) retrain();
  }

  // Keys may come faster than answers: while one is awaited, further calls become one more.
  let working;
  let again = false;
  async function retrain(first) {
    if (working && !first) {
      again = true;
      return working;
    }
    working = learn(first);
    await working;
    working = undefined;
    if (again) {
      again = false;
      await retrain();
    }
    return undefined;
  }

  const learn = guarded(async (first) => {
    const answer = await get('/anomalies', { who: everybody.value === 'me' ? who() : '', top: 60, next: 60 });
    const shown = first ?? current();
    state.rated = answer.rated;
    const given = chosen?.filter((id) => !state.away.has(id) && id !== shown) ?? [];
    state.queue = [...given, ...answer.next.filter((id) => !state.away.has(id) && id !== shown && !given.includes(id))];
    const rated = answer.ranked.some((g) => g.id === shown && g.rating !== undefined);
    if (shown && !state.away.has(shown) && (first || !rated)) state.queue.unshift(shown);
    state.at = 0;
    draw();
    head.textContent = answer.rated ? `Ranked by ${answer.rated} ${answer.rated === 1 ? 'rating' : 'ratings'}` : 'Rate the first to see the ranking';
    grid.dataset.rated = answer.rated;
    grid.replaceChildren(...answer.ranked.map(cell));
    if (!answer.rated) grid.replaceChildren(el('li', { class: 'empty' }, 'The first to rate are spread over the survey, so that a few ratings already say something of all.'));
  });

  function cell(g) {
    const fill = el('i');
    fill.style.width = `${Math.max(0, Math.min(100, 20 * (g.rating ?? g.expected)))}%`;
    return el('li', { class: 'cell', 'data-id': g.id },
      el('button', { class: 'open', 'aria-label': `Open ${g.id}`, onclick: () => open(g.id, survey, retrain) }, picture(thumbnail(g.id), '')),
      el('div', { class: 'meter' }, fill),
      el('div', { class: 'text' }, el('div', { class: 'id', title: g.id }, g.id),
        el('div', { class: 'small' }, g.rating === undefined ? el('span', {}, `expected ${number(g.expected, 2)} ± ${number(g.deviation, 2)}`) : el('span', { class: 'stars', role: 'img', 'aria-label': `rated ${number(g.rating, 2)}` }, stars(g.rating)))));
  }

  const keydown = (event) => {
    if (busy(event) || document.querySelector('dialog[open]')) return;
    if (/^[0-5]$/.test(event.key)) rate(Number(event.key));
    else if (event.key === 'Backspace' || event.key.toLowerCase() === 'z') undo();
    else if (event.key.toLowerCase() === 's') skip();
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', keydown);
  head.textContent = 'Learning …';
  await retrain();
  return () => document.removeEventListener('keydown', keydown);
}
