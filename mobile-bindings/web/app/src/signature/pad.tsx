/* The glass: one draws on it with a finger, a pen or a mouse. Always dark on white, since prints are white. */

import { useRef, useState } from "preact/hooks";
import type { TargetedPointerEvent } from "preact";
import { Button } from "../design/controls";
import { useWords } from "../shell/desk";
import { extend, path, type Stroke } from "./ink";

export function Pad({ strokes, onStrokes }: { strokes: Stroke[]; onStrokes: (strokes: Stroke[]) => void }) {
  const words = useWords();
  const glass = useRef<SVGSVGElement>(null);
  const [drawing, setDrawing] = useState<Stroke | null>(null);
  const point = (event: PointerEvent) => {
    const box = glass.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const down = (event: TargetedPointerEvent<SVGSVGElement>) => {
    if (!event.isPrimary) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrawing([point(event)]);
  };
  const move = (event: TargetedPointerEvent<SVGSVGElement>) => {
    if (!drawing || !event.isPrimary) return;
    const between = event.getCoalescedEvents?.() ?? [];
    setDrawing((between.length ? between : [event]).reduce((stroke, each) => extend(stroke, point(each)), drawing));
  };
  const up = () => {
    if (drawing) onStrokes([...strokes, drawing]);
    setDrawing(null);
  };
  return (
    <div class="glass">
      <svg ref={glass} role="img" aria-label={words.sign.glassLabel} onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up}>
        {[...strokes, ...(drawing ? [drawing] : [])].map((stroke, n) => (
          <path key={n} d={path(stroke)} />
        ))}
      </svg>
      <p class="glass-hint">{words.sign.glass}</p>
      <div class="glass-keys">
        {strokes.length > 1 && (
          <Button icon="arrow-back-up" look="quiet" onTap={() => onStrokes(strokes.slice(0, -1))}>
            {words.sign.undoStroke}
          </Button>
        )}
        {strokes.length > 0 && (
          <Button icon="eraser" look="quiet" onTap={() => onStrokes([])}>
            {words.sign.again}
          </Button>
        )}
      </div>
    </div>
  );
}
