// Hands and keys on the map: move, zoom, draw around galaxies, point at one.
import { busy } from './ui.js';

const KEEP = 3; // pixels that a hand may tremble

export function gestures(box, view, on) {
  const fingers = new Map();
  let drawing = null; // { kind, points, how }
  let moved = 0;
  let gliding = 0;

  const local = (event) => {
    const r = box.getBoundingClientRect();
    return [event.clientX - r.left, event.clientY - r.top];
  };
  const how = (event) => (event.altKey ? 'remove' : event.shiftKey && on.tool() !== 'move' ? 'add' : on.how());

  box.addEventListener('pointerdown', (event) => {
    if (event.button > 0) return;
    box.setPointerCapture(event.pointerId);
    cancelAnimationFrame(gliding);
    fingers.set(event.pointerId, { at: local(event), last: performance.now(), speed: [0, 0] });
    moved = 0;
    const kind = on.tool() !== 'move' ? on.tool() : event.shiftKey ? 'lasso' : null;
    drawing = kind && fingers.size === 1 ? { kind, points: [local(event)], how: how(event) } : null;
    on.leave();
    on.keys(false);
    box.focus({ preventScroll: true });
  });

  box.addEventListener('pointermove', (event) => {
    const finger = fingers.get(event.pointerId);
    const at = local(event);
    if (!finger) {
      if (event.pointerType === 'mouse') on.hover(at);
      return;
    }
    const dx = at[0] - finger.at[0];
    const dy = at[1] - finger.at[1];
    moved += Math.abs(dx) + Math.abs(dy);
    const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, each]) => each.at);
    if (others.length) {
      drawing = null;
      const gap = (a) => Math.max(1, Math.hypot(a[0] - others[0][0], a[1] - others[0][1]));
      const middle = [(at[0] + others[0][0]) / 2, (at[1] + others[0][1]) / 2];
      view.move(dx / 2, dy / 2);
      view.zoom(gap(at) / gap(finger.at), middle);
      on.moved();
    } else if (drawing) {
      if (drawing.kind === 'box') drawing.points[1] = at;
      else {
        const [x, y] = drawing.points.at(-1);
        if (Math.hypot(at[0] - x, at[1] - y) > 2) drawing.points.push(at);
      }
      on.drawing(drawing);
    } else if (moved > KEEP) {
      const now = performance.now();
      const time = Math.max(1, now - finger.last);
      finger.speed = [0.6 * dx / time + 0.4 * finger.speed[0], 0.6 * dy / time + 0.4 * finger.speed[1]];
      finger.last = now;
      view.move(dx, dy);
      on.moved();
    }
    finger.at = at;
  });

  const end = (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    fingers.delete(event.pointerId);
    if (drawing) {
      const done = drawing;
      drawing = null;
      on.drawing(null);
      const corners = done.kind === 'box' && done.points[1] ? rectangle(...done.points) : done.points;
      if (moved > 8 && corners.length >= 3 && event.type === 'pointerup') on.drawn(corners, done.how);
      else if (moved <= KEEP) on.point(local(event), event.pointerType);
    } else if (moved <= KEEP && event.type === 'pointerup') on.point(local(event), event.pointerType);
    else if (!fingers.size && performance.now() - finger.last < 60) glide(...finger.speed);
  };
  box.addEventListener('pointerup', end);
  box.addEventListener('pointercancel', end);
  box.addEventListener('pointerleave', () => on.leave());

  function glide(vx, vy) {
    if (Math.hypot(vx, vy) < 0.15 || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    let last = performance.now();
    const step = (now) => {
      const time = Math.min(50, now - last);
      last = now;
      view.move(vx * time, vy * time);
      const slower = Math.exp(-time / 160);
      vx *= slower;
      vy *= slower;
      on.moved();
      if (Math.hypot(vx, vy) > 0.02) gliding = requestAnimationFrame(step);
    };
    gliding = requestAnimationFrame(step);
  }

  box.addEventListener('wheel', (event) => {
    event.preventDefault();
    cancelAnimationFrame(gliding);
    const lines = event.deltaMode === 1 ? 16 : 1;
    view.zoom(Math.exp(-event.deltaY * lines / (event.ctrlKey ? 90 : 420)), local(event));
    on.leave();
    on.moved();
  }, { passive: false });
  box.addEventListener('dblclick', (event) => {
    if (on.tool() !== 'move') return;
    view.zoom(2.2, local(event));
    on.moved();
  });

  box.addEventListener('focus', () => { if (!fingers.size) on.keys(true); });
  box.addEventListener('keydown', (event) => {
    if (busy(event)) return;
    on.keys(true);
    const middle = [view.width / 2, view.height / 2];
    const far = 90;
    const walk = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] }[event.key];
    if (walk && event.shiftKey) on.step(-Math.sign(walk[0]), Math.sign(walk[1]));
    else if (walk) view.move(...walk);
    else if (event.key === '+' || event.key === '=') view.zoom(1.5, middle);
    else if (event.key === '-') view.zoom(1 / 1.5, middle);
    else if (event.key === '0') view.fit();
    else if (event.key === 'Enter') on.enter();
    else if (event.key === ' ') on.all();
    else if (event.key === 'Escape') on.escape();
    else return;
    event.preventDefault();
    event.stopPropagation();
    on.moved(true);
  });
}

const rectangle = ([x0, y0], [x1, y1]) => [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];

// At most so many corners: those that matter least are left out.
export function simplified(points, most) {
  let gap = 1;
  let kept = points;
  while (kept.length > most) {
    kept = [];
    for (const p of points) {
      const last = kept.at(-1);
      if (!last || Math.hypot(p[0] - last[0], p[1] - last[1]) >= gap) kept.push(p);
    }
    gap *= 1.4;
  }
  return kept;
}
