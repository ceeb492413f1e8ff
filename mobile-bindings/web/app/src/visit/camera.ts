/* A photo from the camera, made small enough for a site's network: the long edge 1,600 px, JPEG. The browser decodes it
 * as an image, at the size it is drawn, so that the 50 megapixels of a new phone need no 200 MB of memory. */

const edge = 1_600;
const quality = 0.72;

export async function shrink(file: Blob): Promise<Uint8Array> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    const scale = Math.min(1, edge / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("no canvas");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const small = await new Promise<Blob | null>((drawn) => canvas.toBlob(drawn, "image/jpeg", quality));
    if (!small) throw new Error("no photo");
    return new Uint8Array(await small.arrayBuffer());
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
