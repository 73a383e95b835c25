// Small tools of the page.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'class') node.className = value;
    else if (name in node && name !== 'list' && typeof value !== 'string') node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

let timer;
export function tell(words, bad = false) {
  const status = document.getElementById('status');
  status.textContent = words;
  status.classList.toggle('bad', bad);
  status.classList.add('shown');
  clearTimeout(timer);
  timer = setTimeout(() => status.classList.remove('shown'), bad ? 7000 : 2600);
}

export function guarded(work) {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (error) {
      tell(error.message, true);
      return undefined;
    }
  };
}

export const who = () => document.getElementById('who').value.trim() || 'me';
export const stars = (count) => '★'.repeat(Math.round(count)) + '☆'.repeat(5 - Math.round(count));
export const number = (value, digits = 3) => (Number.isFinite(value) ? Number(value.toPrecision(digits)).toString() : '');
export const plain = (name) => name.replace(/-(gz2|dr\d+|ukidss|jwst|euclid|cd|cosmic-dawn|hubble|candels)$/, '').replace(/[-_]/g, ' ').trim();
export const place = (g) => (g.ra === undefined ? '' : `${g.ra.toFixed(5)}, ${g.dec >= 0 ? '+' : ''}${g.dec.toFixed(5)}`);
export const picture = (src, alt) => el('img', { src, alt, loading: 'lazy', decoding: 'async', onerror: (event) => event.target.classList.add('none') });

// Galaxies that were chosen on the map, for another tab.
export function handed() {
  try {
    return JSON.parse(sessionStorage.getItem('hoag.chosen')) ?? [];
  } catch {
    return [];
  }
}

// Whether a key press is meant for a field, or for the browser.
export function busy(event) {
  const on = event.target;
  return event.ctrlKey || event.metaKey || event.altKey || on.isContentEditable
    || on.tagName === 'SELECT' || (on.tagName === 'INPUT' && on.type !== 'range' && on.type !== 'checkbox');
}

// Arrow keys walk through a grid.
export function walk(grid) {
  grid.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 0, ArrowUp: 0, Home: 0, End: 0 };
    if (!(event.key in step) || !event.target.classList.contains('open')) return;
    const cells = [...grid.querySelectorAll('.open')];
    const at = cells.indexOf(event.target);
    const top = (i) => cells[i].getBoundingClientRect().top;
    let columns = 1;
    while (columns < cells.length && Math.abs(top(columns) - top(0)) < 4) columns++;
    const to = { ArrowDown: at + columns, ArrowUp: at - columns, Home: 0, End: cells.length - 1 }[event.key] ?? at + step[event.key];
    if (cells[to]) {
      cells[to].focus();
      event.preventDefault();
    }
  });
}
