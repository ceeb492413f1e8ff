/* A photo from the camera, made small enough for a site's network: the long edge 1,600 px, JPEG. */

const edge = 1_600;
const quality = 0.72;

export async function shrink(file: Blob): Promise<Uint8Array> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, edge / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const small = await new Promise<Blob | null>((drawn) => canvas.toBlob(drawn, "image/jpeg", quality));
  return new Uint8Array(await (small ?? file).arrayBuffer());
}
