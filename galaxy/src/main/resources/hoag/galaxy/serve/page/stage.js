// A picture that can be zoomed and moved: wheel, pinch, drag, double click, and keys.
import { el } from './ui.js';

export function stage(src, alt) {
  const img = el('img', { src, alt, draggable: 'false' });
  const box = el('div', { class: 'stage', tabindex: '0', role: 'group', 'aria-label': 'Picture: plus and minus zoom, arrows move, 0 shows all' }, img);
  let scale = 1;
  let x = 0;
  let y = 0;
  const fingers = new Map();

  function draw() {
    const { width, height } = box.getBoundingClientRect();
    x = Math.min(0, Math.max(width * (1 - scale), x));
    y = Math.min(0, Math.max(height * (1 - scale), y));
    img.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    box.classList.toggle('pixels', scale > 2.5);
  }

  function zoom(factor, cx, cy) {
    const next = Math.min(24, Math.max(1, scale * factor));
    x = cx - (cx - x) * next / scale;
    y = cy - (cy - y) * next / scale;
    scale = next;
    draw();
  }

  const middle = () => [box.clientWidth / 2, box.clientHeight / 2];
  const local = (event) => {
    const r = box.getBoundingClientRect();
    return [event.clientX - r.left, event.clientY - r.top];
  };
  box.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), ...local(event));
  }, { passive: false });
  box.addEventListener('dblclick', (event) => (scale > 1 ? reset() : zoom(3, ...local(event))));
  box.addEventListener('pointerdown', (event) => {
    box.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
  });
  box.addEventListener('pointermove', (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const others = [...fingers.values()].filter((f) => f.pointerId !== event.pointerId);
    if (others.length) {
      const gap = (a) => Math.hypot(a.clientX - others[0].clientX, a.clientY - others[0].clientY);
      zoom(gap(event) / Math.max(1, gap(last)), ...local(event));
    } else {
      x += event.clientX - last.clientX;
      y += event.clientY - last.clientY;
      draw();
    }
    fingers.set(event.pointerId, event);
  });
  for (const end of ['pointerup', 'pointercancel']) box.addEventListener(end, (event) => fingers.delete(event.pointerId));
  box.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (event.key === '+' || event.key === '=') zoom(1.4, ...middle());
    else if (event.key === '-') zoom(1 / 1.4, ...middle());
    else if (event.key === '0') reset();
    else if (move && scale > 1) {
      x += move[0];
      y += move[1];
      draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function reset() {
    scale = 1;
    x = y = 0;
    draw();
  }
  return { box, img, zoom: (factor) => zoom(factor, ...middle()), reset };
}
