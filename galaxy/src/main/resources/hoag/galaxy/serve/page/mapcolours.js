// Colours of the map, and the legend that says what they mean; categories and ranges of numbers can be hidden.
import { el, number } from './ui.js';

// From dark to bright, each step as large to the eye as the next, and none lost on a dark sky.
const RAMP = [[74, 88, 205], [70, 132, 222], [58, 172, 209], [73, 204, 168], [142, 222, 116], [221, 224, 92], [255, 196, 77], [255, 150, 80], [255, 100, 110]];
const DISTINCT = ['#6ea8ff', '#ffb454', '#5fdc9a', '#ff7f9c', '#b893ff', '#f2e05a', '#4fd6e0', '#ff9466', '#a4e05c', '#e58fe0', '#8fb8c9', '#d9b08c',
  '#4f83e0', '#d98a2b', '#35b078', '#d9567a', '#8b68dd', '#c7b52f', '#2aa7b5', '#d96a42'];
const BLANK = [96, 106, 138];

const hex = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
const css = ([r, g, b]) => `rgb(${r},${g},${b})`;

export function ramp(part) {
  const at = Math.min(RAMP.length - 1.0001, Math.max(0, part * (RAMP.length - 1)));
  const low = Math.floor(at);
  return RAMP[low].map((c, k) => Math.round(c + (RAMP[low + 1][k] - c) * (at - low)));
}

export function colourOf(legend, code) {
  if (!legend) return [170, 196, 255];
  if (code === 0) return BLANK;
  if (legend.numbers) return ramp((code - 1) / 254);
  return code === 255 ? [150, 156, 176] : hex(DISTINCT[(code - 1) % DISTINCT.length]);
}

// 256 colours; those of hidden codes are not there.
export function palette(legend, hidden) {
  const rgba = new Uint8Array(1024);
  for (let code = 0; code < 256; code++) {
    rgba.set([...colourOf(legend, code), hidden.has(code) ? 0 : legend && code === 0 ? 150 : 255], 4 * code);
  }
  return rgba;
}

export const valueOf = (legend, code) => {
  if (code === 0) return '';
  const part = (code - 1) / 254;
  return legend.log ? legend.low * (legend.high / legend.low) ** part : legend.low + (legend.high - legend.low) * part;
};

export function legendView(legend, hidden, changed) {
  return legend.numbers ? numbers(legend, hidden, changed) : categories(legend, hidden, changed);
}

function swatch(colour) {
  const box = el('i', { class: 'swatch' });
  box.style.background = css(colour);
  return box;
}

function categories(legend, hidden, changed) {
  const all = legend.names.map((name, k) => ({ code: k + 1, name, count: legend.counts[k] }));
  if (legend.other) all.push({ code: 255, name: 'others', count: legend.other });
  if (legend.blank) all.push({ code: 0, name: 'none', count: legend.blank });
  const buttons = all.map(({ code, name, count }) => el('button', {
    type: 'button', 'aria-pressed': String(!hidden.has(code)), title: 'Show or hide; double click: only this', 'data-code': code,
    onclick: () => { if (!hidden.delete(code)) hidden.add(code); changed(); },
    ondblclick: () => { const alone = all.every((each) => hidden.has(each.code) === (each.code !== code)); hidden.clear(); if (!alone) all.forEach((each) => { if (each.code !== code) hidden.add(each.code); }); changed(); },
  }, swatch(colourOf(legend, code)), el('span', {}, name), el('span', { class: 'muted' }, count.toLocaleString('en'))));
  const draw = () => buttons.forEach((button) => button.setAttribute('aria-pressed', String(!hidden.has(Number(button.dataset.code)))));
  return { box: el('div', { class: 'categories', role: 'group', 'aria-label': 'Categories: press to show or hide' }, buttons), draw };
}

function numbers(legend, hidden, changed) {
  const bars = el('canvas', { width: 256, height: 44, class: 'bars', 'aria-hidden': 'true' });
  const from = el('input', { type: 'range', min: '1', max: '255', value: '1', 'aria-label': 'Lowest value shown' });
  const to = el('input', { type: 'range', min: '1', max: '255', value: '255', 'aria-label': 'Highest value shown' });
  const words = el('div', { class: 'row spread small' });
  const blank = legend.blank > 0 && el('button', { type: 'button', class: 'plain one', onclick: () => { if (!hidden.delete(0)) hidden.add(0); changed(); } }, swatch(BLANK), el('span', {}, 'not known'), el('span', { class: 'muted' }, legend.blank.toLocaleString('en')));
  const most = Math.max(1, ...legend.histogram);
  const draw = () => {
    const pen = bars.getContext('2d');
    pen.clearRect(0, 0, 256, 44);
    legend.histogram.forEach((count, k) => {
      const code = 1 + Math.round(254 * (k + 0.5) / legend.histogram.length);
      pen.fillStyle = css(colourOf(legend, code));
      pen.globalAlpha = hidden.has(code) ? 0.2 : 1;
      const high = count ? Math.max(2, 42 * Math.sqrt(count / most)) : 1;
      pen.fillRect(256 * k / legend.histogram.length, 44 - high, 256 / legend.histogram.length - 0.6, high);
    });
    const edge = (code, end) => number(valueOf(legend, code), 4) + (code === end ? (end === 1 ? ' or less' : ' or more') : '');
    words.replaceChildren(el('span', {}, edge(Number(from.value), 1)), el('span', { class: 'muted' }, legend.log ? 'logarithmic' : ''), el('span', {}, edge(Number(to.value), 255)));
    from.setAttribute('aria-valuetext', number(valueOf(legend, Number(from.value)), 4));
    to.setAttribute('aria-valuetext', number(valueOf(legend, Number(to.value)), 4));
    if (blank) blank.setAttribute('aria-pressed', String(!hidden.has(0)));
  };
  const range = (event) => {
    if (Number(from.value) > Number(to.value)) (event.target === from ? to : from).value = event.target.value;
    for (let code = 1; code < 256; code++) {
      if (code < Number(from.value) || code > Number(to.value)) hidden.add(code);
      else hidden.delete(code);
    }
    changed();
  };
  from.addEventListener('input', range);
  to.addEventListener('input', range);
  return { box: el('div', { class: 'numbers' }, bars, el('div', { class: 'ranges' }, from, to), words, blank), draw };
}
