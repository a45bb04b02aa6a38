// What a person does on the demo's page: node page.mjs URL PASSWORD native|hls.js FOLDER MAIL [SCREENSHOT]
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { account } from './account.mjs';
import { inviting } from './inviting.mjs';

const [url, password, player, folder, mail, screenshot] = process.argv.slice(2);
const isNative = player === 'native';
const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
];
const browser = await chromium.launchPersistentContext(folder, {
  executablePath: '/usr/bin/chromium',
  headless: true,
  viewport: { width: 390, height: 844 },
  locale: 'en-US',
  colorScheme: 'light',
  // The page's policy lets no script of others in, hls.js included.
  bypassCSP: !isNative,
  args: flags,
});
const page = browser.pages()[0] ?? await browser.newPage();
const faults = [];
page.on('pageerror', (error) => faults.push(error.stack));
page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
page.setDefaultTimeout(20_000);
if (!isNative) await page.addInitScript({ path: createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js') });

const step = async (name, work) => {
  await work();
  console.log(`${player}: ${name}`);
};
const go = async (path) => {
  await page.goto(`${url}/demo/#${path}`);
  await page.waitForFunction((wanted) => location.hash === `#${wanted}` && !document.querySelector('main .loading'), path);
};
const video = (work, argument) => page.$eval('video', work, argument);
const playedTo = (seconds) => page.waitForFunction((wanted) => {
  const element = document.querySelector('video');
  if (element.error) throw new Error(element.error.message);
  return element.currentTime > wanted;
}, seconds);

/** Opens the lesson of a kind by its link, which shows an icon and its name. */
async function openLesson(index) {
  await go('/course/joining-a-treaty');
  await page.locator('.lessons a').nth(index).click();
  await page.waitForSelector('article.lesson');
}

await step('signs in', async () => {
  await go('/sign-in');
  await page.fill('input[type=email]', 'layla@example.org');
  await page.fill('input[type=password]', password);
  await page.press('input[type=password]', 'Enter');
  await page.waitForSelector('header .who', { state: 'attached' });
  // The account's language is Arabic, and so is the page now.
  await page.waitForFunction(() => document.documentElement.dir === 'rtl' && document.documentElement.lang === 'ar');
});

await step('enrols', async () => {
  await go('/course/joining-a-treaty');
  await page.waitForSelector('.standing');
  if (isNative) await page.click('.standing button');
  await page.waitForSelector('.standing a.button');
});

await step('plays a recording past a seek', async () => {
  await openLesson(1);
  await page.waitForSelector('video');
  assert.equal(await page.evaluate(() => Boolean(window.Hls)), !isNative);
  await video((element) => { element.muted = true; return element.play(); });
  await playedTo(2);
  const source = await video((element) => element.currentSrc);
  assert.match(source, isNative ? /\/media\/[\w-]+\/master\.m3u8$/ : /^blob:/);
  await video((element) => { element.currentTime = 17; });
  await playedTo(18.5);
  assert.ok(await video((element) => element.videoWidth) >= 426);
});

await step('shows Arabic captions right to left', async () => {
  const shown = await video((element) => [...element.textTracks]
    .filter(({ mode }) => mode === 'showing')
    .map(({ language, activeCues }) => [language, activeCues?.length ?? 0]));
  assert.equal(shown.length, 1);
  assert.equal(shown[0][0], 'ar');
  const transcript = page.locator('.cues ol');
  assert.equal(await transcript.getAttribute('dir'), 'rtl');
  assert.equal(await transcript.evaluate((element) => getComputedStyle(element).direction), 'rtl');
  assert.match(await transcript.innerText(), /[\u0600-\u06FF]/);
  if (!isNative || !screenshot) return;
  // At a moment with a caption on the picture.
  await video((element) => {
    const cue = element.textTracks[[...element.textTracks].findIndex(({ mode }) => mode === 'showing')].cues[1];
    element.pause();
    element.currentTime = (cue.startTime + cue.endTime) / 2;
  });
  await page.waitForFunction(() => !document.querySelector('video').seeking);
  await page.waitForTimeout(1000);
  await page.screenshot({ path: screenshot });
});

await step('has nothing that is wider than a phone', async () => {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth <= 0), true);
});

await step('takes the quiz', async () => {
  await openLesson(7);
  await page.click('.quiz .action button');
  await page.waitForSelector('form.attempt');
  const questions = page.locator('form.attempt fieldset');
  const count = await questions.count();
  assert.ok(count >= 6);
  for (let at = 0; at < count; at += 1) await questions.nth(at).locator('input').first().check();
  await page.click('form.attempt .primary');
  await page.waitForSelector('.result .verdict');
  assert.equal(await page.locator('.answers > li').count(), count);
});

await step('leaves a webinar and registers again', async () => {
  await go('/webinars');
  await page.waitForSelector('main .cards a');
  assert.ok(!(await page.textContent('main')).includes('[object'), 'elements are shown, not their names');
  await go('/webinars/reservations-and-declarations');
  await page.waitForSelector('main section.card h3');
  await page.dblclick('main .asking > button');
  await page.waitForSelector('main .asking [role=group]');
  assert.equal(await page.evaluate(() => document.activeElement.closest('[role=group]')?.querySelector('button') === document.activeElement),
    true, 'the keyboard is at the harmless answer');
  await page.keyboard.press('Escape');
  await page.waitForSelector('main .asking [role=group]', { state: 'hidden' });
  await page.click('main .asking > button:focus');
  await page.click('main .asking .primary');
  await page.waitForSelector('main form');
  assert.ok(await page.innerText('main p[role=status]'), 'it says that the registration was cancelled');
  await page.fill('main form textarea', 'اتفاقية فيينا');
  await page.click('main form button.primary');
  await page.waitForSelector('main form .field.box .error:not([hidden])');
  await page.check('main form input[type=checkbox]');
  await page.dblclick('main form button.primary');
  await page.waitForSelector('main a[href*="/calendar/"]');
  await go('/webinars');
  await page.waitForSelector('main .cards a');
  await go('/webinars/reservations-and-declarations');
  const calendar = await page.getAttribute('main a[href*="/calendar/"]', 'href');
  const entry = await (await fetch(calendar)).text();
  assert.match(entry, /BEGIN:VEVENT[^]*STATUS:CONFIRMED/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it is as wide as a phone');
});

// Once only: there is one attempt, and the other player's page is of the same person.
if (isNative) await step('takes the test before the webinar', async () => {
  await page.click('.quiz .action button');
  await page.waitForSelector('form.attempt');
  const questions = page.locator('form.attempt fieldset');
  const count = await questions.count();
  for (let at = 0; at < count; at += 1) await questions.nth(at).locator('input').first().check();
  await page.click('form.attempt .primary');
  await page.waitForSelector('.result .verdict');
  assert.equal(await page.locator('.answers > li').count(), count);
  assert.equal(await page.locator('.answers > .good, .answers > .bad').count(), 0, 'what is right is told later');
});

await step('says of an address that was cut that nothing is there', async () => {
  for (const path of ['/webinars/webinar_01', '/recording/xyz', '/topic/xyz', '/course/%E0%A4%A', '/nowhere']) {
    await go('/recordings');
    await page.waitForSelector('main h1:not(.empty h1)');
    await go(path);
    await page.waitForSelector('main .empty h1');
    assert.match(await page.innerText('main h1'), /غير موجود/, path);
  }
  // The browser tells of what the API refused, too.
  assert.deepEqual(faults.splice(0).filter((fault) => !fault.includes('status of 400')), []);
});

await step('posts in the forum', async () => {
  const body = `مرحبًا **بكم** ${player}`;
  await go('/community/treaty-law-forum');
  // The welcome is pinned, so it stands first.
  await page.locator('.topics a').first().click();
  await page.waitForSelector('.posts .post');
  const before = await page.locator('.post').count();
  await page.fill('.reply textarea', body);
  await page.click('.reply .primary');
  await page.waitForFunction((count) => document.querySelectorAll('.post').length === count + 1, before);
  const last = page.locator('.post .prose').last();
  assert.equal(await last.getAttribute('dir'), 'rtl');
  assert.equal(await last.locator('strong').innerText(), 'بكم');
});

// Nothing in this depends on the player, so once is enough.
if (isNative) {
  await account({ page, url, mail, step, go });
  await inviting({ page, url, mail, password, step, go });
}

await browser.close();
assert.deepEqual(faults, [], 'faults on the page');
