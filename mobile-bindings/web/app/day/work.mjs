// What an engineer does on a phone, tap by tap.

/** Draws two strokes on the glass. */
export async function draw(page) {
  const glass = page.locator(".glass svg");
  await glass.scrollIntoViewIfNeeded();
  const box = await glass.boundingBox();
  for (const [from, to] of [[0.2, 0.5], [0.4, 0.8]]) {
    await page.mouse.move(box.x + box.width * from, box.y + 60);
    await page.mouse.down();
    for (let n = 0; n <= 12; n += 1) await page.mouse.move(box.x + box.width * (from + ((to - from) * n) / 12), box.y + 60 + 40 * Math.sin(n / 2));
    await page.mouse.up();
  }
}

/** From the first call to the customer's code, with a reload in the middle of a sentence. */
export async function visitToTheEnd(one, cause = "PLC 输入模块损坏") {
  const { page, slab, tap, shot } = one;
  await slab("联系客户");
  await slab("联系客户");
  await tap(".answer");
  await page.fill("input[type=datetime-local]", new Date(Date.now() + 11 * 3_600_000).toISOString().slice(0, 16));
  await tap(".sheet .slab");
  await shot("order");
  await slab("出发");
  await page.locator(".track").waitFor();
  await slab("到场");
  await page.locator(".slab b", { hasText: "完工" }).waitFor();
  await tap(".picker");
  await page.fill(".sheet textarea", cause);
  await page.reload();
  await page.locator(".picker").click();
  if ((await page.inputValue(".sheet textarea")) !== cause) throw new Error("what was being typed was lost by a reload");
  await tap(".sheet .slab");
  await tap("a[href$=part]");
  await page.fill("input[type=search]", "DI16");
  await page.locator(".lead").first().waitFor();
  await tap(".lead");
  await page.locator(".part").waitFor();
  await page.setInputFiles("input[type=file]", { name: "photo.png", mimeType: "image/png", buffer: await page.screenshot() });
  await page.locator(".photo img").waitFor();
  await shot("visit");
  await slab("完工");
  await tap(".sheet .answer");
  await page.locator(".glass svg").waitFor();
  await tap(".rating .choice:nth-child(4)");
  await page.fill(".field.inline input", "王建国");
  await draw(page);
  await shot("signature");
  await slab("确认签字");
  await tap(".sheet .slab");
  await page.locator(".code").waitFor();
  await shot("proof");
}

/** Reaches the customer, sets out, arrives, and says what the cause is. */
export async function visitWithCause(one, order, cause) {
  await one.go(`order/${order}`);
  if (await one.page.locator(".slab b", { hasText: "联系客户" }).count()) {
    await one.slab("联系客户");
    await one.tap(".sheet .answer");
    await one.tap(".sheet .button.full");
  }
  await one.slab("出发");
  await one.slab("到场");
  await one.page.locator(".picker").click();
  await one.page.fill(".sheet textarea", cause);
  await one.tap(".sheet .slab");
}
