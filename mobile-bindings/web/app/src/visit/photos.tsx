/* Photos: from the camera, shrunk, kept; each carries its own mark, since they go after the text. One that was let go of
 * to make room is fetched again when somebody wants to see it. */

import { useEffect, useState } from "preact/hooks";
import type { Photo, Visit } from "../logbook/views";
import { Icon } from "../design/icon";
import { useDesk } from "../shell/desk";
import { shrink } from "./camera";

export function Photos({ visit }: { visit: Visit }) {
  const { words, log, say } = useDesk();
  const [shrinking, setShrinking] = useState(0);
  /* The same picture may be taken again. */
  const forget = (input: HTMLInputElement) => () => {
    input.value = "";
  };
  const add = async (files: File[]) => {
    setShrinking((n) => n + files.length);
    for (const file of files) {
      const bytes = await shrink(file).catch(() => null);
      if (bytes) await log({ act: "photo", visit: visit.page, bytes, caption: "" }, words.act["photo"]);
      else say(words.visit.notAPhoto);
      setShrinking((n) => n - 1);
    }
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
        {Array.from({ length: shrinking }, (_, n) => (
          <li key={n}>
            <p class="photo absent" role="status">
              {words.visit.shrinking}
            </p>
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
  const [absent, setAbsent] = useState<"erased" | "away" | null>(null);
  const going = logbook.uploading();
  const uploading = going?.file === photo.blob ? going : null;
  useEffect(() => {
    let made: string | null = null;
    let current = true;
    const look = async () => {
      if (made) return;
      const bytes = await logbook.blob(photo.blob);
      const why = bytes ? null : await logbook.blobAbsence(photo.blob);
      if (!current) return;
      setAbsent(why);
      if (!bytes) return;
      made = URL.createObjectURL(new Blob([bytes as BlobPart]));
      setUrl(made);
    };
    const show = () => void look().catch(() => {});
    show();
    const stop = logbook.onChange(show);
    return () => {
      current = false;
      stop();
      if (made) URL.revokeObjectURL(made);
    };
  }, [photo.blob]);
  if (!url && absent === "away") return <Away photo={photo} />;
  const state = uploading ? "sending" : photo.state;
  return (
    <figure class={`photo ${absent ? "absent" : state}`}>
      {url && <img src={url} alt={photo.caption || label} />}
      {absent === "erased" && <span>{words.visit.erased}</span>}
      {uploading && <progress aria-label={words.visit.uploaded} max={uploading.size} value={uploading.reached} />}
      {!absent && <figcaption>{words.state[state]}</figcaption>}
    </figure>
  );
}

/** Headquarters has it; here it made room for something else. */
function Away({ photo }: { photo: Photo }) {
  const { logbook, words, say, explain } = useDesk();
  const [asked, setAsked] = useState(false);
  const fetch = () => {
    setAsked(true);
    logbook
      .fetchBlob(photo.blob)
      .catch(async (trouble) => say(await explain(trouble)))
      .finally(() => setAsked(false));
  };
  return (
    <button type="button" class="photo absent" onClick={fetch}>
      <Icon name="download" />
      {asked ? words.visit.fetching : words.visit.away}
    </button>
  );
}
