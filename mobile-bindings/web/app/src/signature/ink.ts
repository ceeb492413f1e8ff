/* Ink: the strokes of a finger or a pen, in glass coordinates, and the path that is kept of them. Pure. */

export interface Point {
  x: number;
  y: number;
}
export type Stroke = Point[];

const close = 1.5;

/** Adds a point, unless the finger has hardly moved. */
export function extend(stroke: Stroke, point: Point): Stroke {
  const last = stroke.at(-1);
  return last && Math.hypot(point.x - last.x, point.y - last.y) < close ? stroke : [...stroke, point];
}

const at = (n: number) => String(Math.round(n * 10) / 10);

/** A stroke as SVG path data, smoothed through the middles of its points; a tap is a dot. */
export function path(stroke: Stroke): string {
  const [first, ...rest] = stroke;
  if (!first) return "";
  if (rest.length === 0) return `M${at(first.x)} ${at(first.y)}h0.1`;
  let data = `M${at(first.x)} ${at(first.y)}`;
  rest.forEach((point, n) => {
    const after = rest[n + 1];
    data += after ? `Q${at(point.x)} ${at(point.y)} ${at((point.x + after.x) / 2)} ${at((point.y + after.y) / 2)}` : `L${at(point.x)} ${at(point.y)}`;
  });
  return data;
}

export const paths = (strokes: Stroke[]): string => strokes.map(path).join("");

/** Enough ink to be a name: a dot by accident isn't. */
export function isInk(strokes: Stroke[]): boolean {
  const points = strokes.flat();
  if (points.length < 4) return false;
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  return Math.max(...xs) - Math.min(...xs) + (Math.max(...ys) - Math.min(...ys)) > 30;
}
