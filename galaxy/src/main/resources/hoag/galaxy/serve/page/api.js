// Talks to the server. What people say is kept in the browser until the server has acknowledged it, so that neither a broken connection nor a
// reload loses it; every label has a key, so that saying it again does it once.
const WAITING = 'hoag.waiting';

export async function get(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== '') query.append(name, one);
    }
  }
  const text = query.toString();
  return answer(await fetch(path + (text ? '?' + text : '')));
}

export async function post(path, body, type) {
  const json = !type;
  return answer(await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': json ? 'application/json' : type },
    body: json ? JSON.stringify(body) : body,
  }));
}

async function answer(response) {
  if (response.ok) return response.json();
  let words = response.statusText;
  try {
    words = (await response.json()).error;
  } catch { /* not ours */ }
  const error = new Error(words);
  error.status = response.status;
  throw error;
}

export const galaxy = (id) => '/galaxies/' + encodeURIComponent(id);
export const thumbnail = (id) => galaxy(id) + '/thumbnail';
const key = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, '0')).join('');

function waiting() {
  try {
    return JSON.parse(localStorage.getItem(WAITING)) ?? [];
  } catch {
    return [];
  }
}

function keep(list) {
  localStorage.setItem(WAITING, JSON.stringify(list));
  const box = document.getElementById('waiting');
  box.hidden = list.length === 0 || broken === '';
  box.textContent = `${broken}. ${list.length} ${list.length === 1 ? 'label is' : 'labels are'} kept here and will be sent ${broken.startsWith('The server') ? 'when it is back' : 'again'}.`;
}

let broken = ''; // why labels cannot be sent now
let sending = Promise.resolve();

// Says a label, or takes one back; resolves when the server has it.
export function say(path, body) {
  const item = { path, body: { key: key(), ...body } };
  keep([...waiting(), item]);
  sending = sending.then(() => flush(item.body.key), () => flush(item.body.key));
  return sending;
}

async function flush(wanted) {
  let result;
  for (;;) {
    const [first] = waiting();
    if (!first) return result;
    try {
      const said = await post(first.path, first.body);
      broken = '';
      if (first.body.key === wanted) result = said;
      keep(waiting().filter((item) => item.body.key !== first.body.key));
    } catch (error) {
      if (error.status && error.status < 500 && error.status !== 429) { // never will
        keep(waiting().filter((item) => item.body.key !== first.body.key));
        if (first.body.key === wanted) throw error;
      } else {
        broken = error.status ? error.message : 'The server does not answer';
        keep(waiting());
        await new Promise((wake) => setTimeout(wake, 1500));
      }
    }
  }
}

// What was not acknowledged before a reload is sent now.
export function resume() {
  if (waiting().length) sending = flush();
}
