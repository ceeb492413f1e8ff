/* Scanning with the camera, where the browser can read codes; where it can't, there is no button and one types. */

import { useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../design/controls";
import { Sheet } from "../design/sheet";
import { useWords } from "../shell/desk";

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
type DetectorMaker = new (options?: { formats: string[] }) => Detector;

const maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;

export const canScan = maker !== undefined && "mediaDevices" in navigator;

export function ScanButton({ onFound }: { onFound: (text: string) => void }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  if (!canScan) return null;
  return (
    <>
      <IconButton icon="scan" label={words.orders.scan} onTap={() => setOpen(true)} />
      {open && (
        <ScanSheet
          onClose={() => setOpen(false)}
          onFound={(text) => {
            setOpen(false);
            onFound(text);
          }}
        />
      )}
    </>
  );
}

export function ScanSheet({ onFound, onClose }: { onFound: (text: string) => void; onClose: () => void }) {
  const words = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [dark, setDark] = useState(false);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let stopped = false;
    const look = async () => {
      if (!maker) return;
      const detector = new maker();
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!video.current || stopped) return;
      video.current.srcObject = stream;
      await video.current.play();
      while (!stopped && video.current) {
        const [code] = await detector.detect(video.current).catch(() => []);
        if (code?.rawValue) return onFound(code.rawValue);
        await new Promise((later) => setTimeout(later, 150));
      }
    };
    look().catch(() => setDark(true));
    return () => {
      stopped = true;
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, []);
  return (
    <Sheet title={words.orders.scan} note={dark ? words.parts.noScan : words.enrol.scanning} onClose={onClose}>
      {!dark && <video class="finder" ref={video} muted playsInline />}
    </Sheet>
  );
}
