// The buttons of the map: what dragging does, and zoom.
import { el } from './ui.js';

export function toolbar(page) {
  const icons = {
    move: 'M12 3v18M3 12h18M12 3l-2.5 2.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5',
    lasso: 'M8.5 16.5C5 15.5 3 13.2 3 10.6 3 7 7 4 12 4s9 3 9 6.6-4 6.6-9 6.6c-.8 0-1.5-.1-2.2-.2M9.8 17a1.7 1.7 0 1 1-3.300 0 1.7 1.7 0 0 1 3.300 0M8.200 18.7c0 1.300-.7 2-2 2.300',
    box: 'M4 5h16v14H4z',
    plus: 'M12 5v14M5 12h14', minus: 'M5 12h14', all: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  };
  const icon = (path) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', path);
    svg.append(line);
    return svg;
  };
  const tool = (name, words, key) => el('button', { type: 'button', 'data-tool': name, 'aria-pressed': String(name === 'move'), 'aria-label': words, title: `${words} (${key})`, onclick: () => page.use(name) }, icon(icons[name]));
  const act = (name, words, work) => el('button', { type: 'button', 'data-act': name, 'aria-label': words, title: words, onclick: work }, icon(icons[name]));
  const middle = () => [page.view.width / 2, page.view.height / 2];
  const zoom = (factor) => () => page.glideTo({ scale: page.view.scale * factor });
  return el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Map tools' },
    el('div', { class: 'group', role: 'group', 'aria-label': 'What dragging does' }, tool('move', 'Move the map', 'V'), tool('lasso', 'Draw around galaxies', 'L'), tool('box', 'Draw a box around galaxies', 'B')),
    el('div', { class: 'group', role: 'group', 'aria-label': 'Zoom' }, act('plus', 'Zoom in', zoom(1.8, middle)), act('minus', 'Zoom out', zoom(1 / 1.8, middle)), act('all', 'Show all', () => page.glideTo(page.view.whole()))));
}
