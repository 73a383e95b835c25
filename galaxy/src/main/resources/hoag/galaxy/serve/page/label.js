// Label galaxies by a decision tree: a question at a time, answered by number keys.
import { get, say, galaxy, thumbnail } from './api.js';
import { el, handed, busy, guarded, plain, tell, who } from './ui.js';
import { stage } from './stage.js';

const TREE = 'hoag.tree';

export async function show(main, survey, given) {
  const wanted = given.get('tree') ?? localStorage.getItem(TREE);
  const name = survey.trees.includes(wanted) ? wanted : survey.trees[0];
  const tree = await get('/trees/' + encodeURIComponent(name));
  const chosen = given.has('chosen') ? handed() : null; // from the map: these and no others
  const state = { queue: [], done: 0, total: survey.galaxies, answers: new Map(), order: [], skipped: new Set(), view: null, shown: null };
  const select = el('select', { id: 'tree' }, survey.trees.map((t) => el('option', { value: t, selected: t === name }, t)));
  select.addEventListener('change', () => {
    localStorage.setItem(TREE, select.value);
    location.hash = '#label?tree=' + encodeURIComponent(select.value) + (chosen ? '&chosen=' + chosen.length : '');
  });
  const stageBox = el('div');
  const side = el('div', { class: 'panel' });
  const meter = el('progress', { max: '1', value: 0, 'aria-label': 'Galaxies that you have finished' });
  const count = el('span', { class: 'muted' });
  main.replaceChildren(
    el('div', { class: 'row bar' }, el('label', { for: 'tree', class: 'muted' }, 'Decision tree'), select, count),
    el('div', { class: 'two' }, stageBox, el('div', {}, side, el('div', { class: 'gap' }, meter))));

  const current = () => state.queue[0];
  const leads = (question) => question.parents.length === 0 || question.parents.some((label) => [...state.answers].some(([q, a]) => `${q}_${a}` === label && reached(q)));
  function reached(questionName) {
    return leads(tree.questions.find((q) => q.question === questionName));
  }
  // Depth first: what an answer leads to is asked before the next question of the same level.
  function pending() {
    const open = tree.questions.filter((q) => !state.answers.has(q.question) && leads(q));
    const depth = (q) => (q.parents.length ? 1 : 0);
    return open.sort((a, b) => depth(b) - depth(a))[0];
  }

  function draw() {
    count.textContent = `${state.done.toLocaleString('en')} of ${state.total.toLocaleString('en')} ${chosen ? 'chosen ' : ''}galaxies finished`;
    meter.value = state.total ? state.done / state.total : 0;
    const id = current();
    if (!id) {
      stageBox.replaceChildren();
      side.replaceChildren(el('p', { class: 'empty' }, chosen ? 'You have labelled every chosen galaxy by this tree.' : 'You have labelled every galaxy by this tree.'));
      return;
    }
    if (state.shown !== id) {
      state.shown = id;
      state.view = stage(survey.pictures ? galaxy(id) + '/picture?side=800' : thumbnail(id), `Picture of ${id}`);
      state.view.img.addEventListener('error', () => { if (!state.view.img.src.endsWith('/thumbnail')) state.view.img.src = thumbnail(id); });
      stageBox.replaceChildren(state.view.box);
    }
    const question = pending();
    if (!question) return;
    side.replaceChildren(
      el('div', { class: 'muted' }, id),
      el('ol', { class: 'path', 'aria-label': 'Answers so far' }, state.order.map((q) => el('li', {}, plain(q) + ' ', el('b', {}, plain(state.answers.get(q)))))),
      el('p', { class: 'question', id: 'question', 'aria-live': 'polite' }, capital(plain(question.question)) + '?'),
      el('div', { class: 'answers', role: 'group', 'aria-labelledby': 'question' }, question.answers.map((answer, i) => el('button', { 'data-answer': answer, onclick: () => reply(question, answer) }, el('kbd', {}, String(i + 1)), capital(plain(answer))))),
      el('div', { class: 'row spread' }, el('button', { onclick: undo }, 'Back ', el('kbd', {}, '⌫')), el('button', { onclick: skip }, 'Skip this galaxy ', el('kbd', {}, 'S'))));
    side.dataset.question = question.question;
    side.dataset.galaxy = id;
  }

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  const reply = guarded(async (question, answer) => {
    const id = current();
    state.answers.set(question.question, answer);
    state.order.push(question.question);
    const sent = say('/labels', { who: who(), galaxy: id, tree: name, question: question.question, answer });
    if (pending()) draw();
    else {
      state.done++;
      state.skipped.add(id); // the server may not have heard of it yet
      tell(`${id} is finished`);
      advance();
    }
    await sent;
  });

  function advance() {
    state.queue.shift();
    state.answers = new Map();
    state.order = [];
    if (state.queue.length < 3) fill();
    prefetch();
    if (chosen) onward().then(draw);
    else draw();
  }

  function prefetch() {
    for (const id of state.queue.slice(1, 3)) new Image().src = survey.pictures ? galaxy(id) + '/picture?side=800' : thumbnail(id);
  }

  function skip() {
    if (!current()) return;
    state.skipped.add(current());
    advance();
  }

  const undo = guarded(async () => {
    const said = await say('/labels/undo', { who: who() });
    if (!said) return;
    if (said.galaxy === current()) {
      state.answers.delete(said.question);
      state.order = state.order.filter((q) => q !== said.question);
    } else {
      state.queue = [said.galaxy, ...state.queue.filter((id) => id !== said.galaxy)];
      await recall(said.galaxy);
      state.done = Math.max(0, state.done - 1);
    }
    draw();
    tell(`Taken back: ${plain(said.question)} ${plain(said.answer)}`);
  });

  // What was said of a galaxy before, so that a reload goes on at the same question.
  async function recall(id) {
    const one = await get(galaxy(id));
    const mine = one.labels.filter((label) => label.tree === name && label.who === who()).sort((a, b) => a.number - b.number);
    state.answers = new Map(mine.map((label) => [label.question, label.answer]));
    state.order = mine.map((label) => label.question);
  }

  // Those chosen on the map, one after the other; finished ones are passed over.
  const fillChosen = guarded(async () => {
    const known = new Set([...state.queue, ...state.skipped]);
    state.total = chosen.length;
    if (current()) return;
    state.queue = chosen.filter((id) => !known.has(id));
    await onward();
    prefetch();
    draw();
  });

  async function onward() {
    while (current()) {
      await recall(current());
      if (pending()) return;
      state.done++;
      state.skipped.add(state.queue.shift());
    }
  }

  const fill = guarded(async () => {
    if (chosen) return fillChosen();
    const answer = await get('/labels/next', { tree: name, who: who(), count: 40 });
    const known = new Set([...state.queue, ...state.skipped]);
    const was = current();
    state.queue.push(...answer.next.filter((id) => !known.has(id)));
    if (!was) {
      state.done = answer.done;
      state.total = answer.total;
      if (current()) await recall(current());
      prefetch();
      draw();
    }
    return undefined;
  });

  const keydown = (event) => {
    if (busy(event) || document.querySelector('dialog[open]') || !current()) return;
    const question = pending();
    const answer = /^[1-9]$/.test(event.key) ? question?.answers[Number(event.key) - 1] : undefined;
    if (answer) reply(question, answer);
    else if (event.key === 'Backspace' || event.key.toLowerCase() === 'z') undo();
    else if (event.key.toLowerCase() === 's') skip();
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', keydown);
  await fill();
  return () => document.removeEventListener('keydown', keydown);
}
