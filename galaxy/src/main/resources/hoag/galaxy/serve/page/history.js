// What was done, by whom and when; take back one's own; hand everything on.
import { get, say, thumbnail } from './api.js';
import { el, guarded, picture, plain, stars, tell, who } from './ui.js';
import { open } from './viewer.js';

export async function show(main, survey) {
  const body = el('tbody');
  const tree = el('select', { 'aria-label': 'Decision tree' }, survey.trees.map((t) => el('option', { value: t }, t)));
  const kind = el('select', { 'aria-label': 'Kind of file' }, ['csv', 'fits', 'parquet'].map((k) => el('option', { value: k }, k.toUpperCase())));
  const [ratings, votes, all] = ['Ratings', 'Votes', 'Every change'].map((words) => el('a', { class: 'button', download: '' }, words));
  const command = el('code');
  const point = () => {
    ratings.href = `/labels/ratings.${kind.value}`;
    votes.href = `/labels/votes.${kind.value}?tree=${encodeURIComponent(tree.value)}`;
    all.href = `/labels/history.${kind.value}`;
    command.textContent = `hoag finetune --catalog votes.${kind.value} --images DIR --tree ${tree.value} --from M --out N`;
  };
  tree.addEventListener('change', point);
  kind.addEventListener('change', point);
  point();
  const head = el('h2', { class: 'gap', 'aria-live': 'polite' });
  main.replaceChildren(
    el('section', { class: 'panel' }, el('h2', {}, 'Export'),
      el('div', { class: 'row' }, kind, ratings, tree, votes, all),
      el('p', { class: 'muted' }, 'Ratings go on to ', el('code', {}, 'hoag anomalies --ratings ratings.csv'), ', votes to ', command)),
    head,
    el('div', { class: 'scroll panel' }, el('table', {}, el('thead', {}, el('tr', {}, ['', 'Galaxy', 'What', 'Who', 'When', 'Model', ''].map((title) => el('th', { scope: 'col' }, title)))), body)));

  const list = guarded(async () => {
    const { version, changes } = await get('/labels', { last: 300 });
    head.textContent = version ? `${version.toLocaleString('en')} ${version === 1 ? 'change' : 'changes'}, the newest first` : 'Nobody has labelled anything yet';
    body.replaceChildren(...changes.reverse().map(row));
    return version;
  });

  function row(change) {
    const what = change.tree ? `${plain(change.question)}: ${plain(change.answer)}` : stars(Number(change.answer));
    const mine = change.who === who() && !change.undone && !change.undoes;
    return el('tr', { class: change.undone ? 'undone' : '' },
      el('td', {}, picture(thumbnail(change.galaxy), '')),
      el('td', {}, el('button', { class: 'plain', onclick: () => open(change.galaxy, survey, list) }, change.galaxy)),
      el('td', {}, (change.undoes ? 'took back ' : '') + what),
      el('td', {}, change.who),
      el('td', {}, el('time', { datetime: change.at }, new Date(change.at).toLocaleString())),
      el('td', { class: 'muted', title: change.model }, change.model.replace('sha256:', '').slice(0, 8)),
      el('td', { class: 'keep' }, mine && el('button', {
        onclick: guarded(async () => {
          await say('/labels/undo', { who: who(), change: change.number });
          tell('Taken back');
          await list();
        }),
      }, 'Undo')));
  }

  let known = await list();
  const timer = setInterval(async () => { // others label too
    try {
      const { version } = await get('/labels', { after: known, last: 1 });
      if (version !== known) known = await list();
    } catch { /* said elsewhere */ }
  }, 4000);
  return () => clearInterval(timer);
}
