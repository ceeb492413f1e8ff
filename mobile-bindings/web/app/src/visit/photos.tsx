/* Photos: from the camera, shrunk, kept; each carries its own mark, since they go after the text. */

import { useEffect, useState } from "preact/hooks";
import type { Photo, Visit } from "../logbook/views";
import { Icon } from "../design/icon";
import { useDesk } from "../shell/desk";
import { shrink } from "./camera";

export function Photos({ visit }: { visit: Visit }) {
  const { words, log } = useDesk();
  /* The same picture may be taken again. */
  const forget = (input: HTMLInputElement) => () => {
    input.value = "";
  };
  const add = async (files: File[]) => {
    for (const file of files) await log({ act: "photo", visit: visit.page, bytes: await shrink(file), caption: "" }, words.act["photo"]);
  };
  return (
    <section class="card">
      <div class="spread">
        <h2 class="section flat">{words.visit.photos(visit.photos.length)}</h2>
        <span class="second">{words.visit.photosNote}</span>
      </div>
      <ul class="photos">
        {visit.photos.map((photo, n) => (
          <li key={photo.entry}>
            <Picture photo={photo} label={words.visit.photoN(n + 1)} />
          </li>
        ))}
        <li>
          <label class="take">
            <input type="file" accept="image/*" capture="environment" class="over" onChange={(event) => void add([...(event.currentTarget.files ?? [])]).then(forget(event.currentTarget))} />
            <Icon name="camera" />
            {words.visit.takePhoto}
          </label>
        </li>
      </ul>
    </section>
  );
}

function Picture({ photo, label }: { photo: Photo; label: string }) {
  const { logbook, words } = useDesk();
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    void logbook.blob(photo.blob).then((bytes) => {
      if (!bytes) return;
      made = URL.createObjectURL(new Blob([bytes as BlobPart]));
      setUrl(made);
    });
    return () => {
      if (made) URL.revokeObjectURL(made);
    };
  }, [photo.blob]);
  return (
    <figure class={`photo ${photo.state}`}>
      {url && <img src={url} alt={photo.caption || label} />}
      <figcaption>{words.state[photo.state]}</figcaption>
    </figure>
  );
}
