// What people without an account do by the links in their letters: an office names somebody for a webinar, who takes the seat,
// gives it back, and is written to no more. In between the organiser chooses, and looks after a webinar that was held.
import assert from 'node:assert/strict';
import { linkIn } from './mail.mjs';

const office = 'corte@example.net';
const organiser = 'olga@example.org';
const doubtful = 'Awa Exemple';
const nominee = { fullName: 'Julia Ejemplo', email: 'julia@example.net' };

/** Takes `page` through it; `mail` is the folder in which the letters arrive. */
export async function inviting({ page, url, mail, password, step, go }) {
  /** Opens a mailed link as a mail program does, and looks whether its token is gone from the address. */
  const open = async (link) => {
    await page.goto('about:blank');
    await page.goto(link);
    await page.waitForSelector('main h1');
    assert.equal(page.url(), link.split('?')[0]);
    await fitsPhone();
  };
  const fitsPhone = async () => {
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it is as wide as a phone');
  };
  /** The number in the one text that a selector finds. */
  const numberIn = async (selector) => Number(/\d+/.exec(await page.innerText(selector))[0]);

  await page.context().clearCookies(); // nobody of these has an account

  await step('names somebody for a webinar by the link in a letter', async () => {
    await open(await linkIn(mail, office, `${url}/demo/#/nomination?token=`));
    await page.click('main form .primary');
    await page.waitForSelector('[aria-invalid]');
    await page.fill('[name=fullName]', nominee.fullName);
    await page.fill('[name=email]', nominee.email);
    await page.fill('[name=function]', 'x'.repeat(200));
    await page.selectOption('[name=gender]', 'FEMALE');
    await page.click('main form .primary');
    await page.waitForSelector('main .cards li');
    assert.match(await page.innerText('main .cards li'), /Julia Ejemplo/);
    await fitsPhone();
  });

  await step('accepts them by a tick, as the organiser, with seats and balance in view', async () => {
    await page.evaluate(() => localStorage.clear());
    await go('/webinars/five-steps-to-a-treaty');
    await page.click('main [href="#/sign-in"]');
    await page.fill('[name=email]', organiser);
    await page.fill('[name=password]', password);
    await page.press('[name=password]', 'Enter');
    await page.waitForFunction(() => document.documentElement.lang === 'ru');
    await page.waitForFunction(() => location.hash === '#/webinars/five-steps-to-a-treaty');
    await go('/webinars/reservations-and-declarations');
    await page.click('main [href="#/webinars/reservations-and-declarations/people"]');
    const row = page.locator('.nominee', { hasText: nominee.fullName });
    await row.waitFor();
    const seats = await numberIn('.standing strong');
    assert.match(await page.innerText('.balance'), /Женщины: 0 из \d/);
    await row.getByRole('checkbox', { name: nominee.fullName }).check();
    await page.click('.standing .primary');
    await row.locator('[aria-pressed=true]').waitFor();
    assert.match(await row.innerText(), /Место оставлено/);
    assert.match(await row.innerText(), new RegExp(nominee.email));
    assert.equal(await numberIn('.standing strong'), seats - 1);
    assert.match(await page.innerText('.balance'), /Женщины: 1 из \d/);
    await page.waitForFunction((name) => document.getElementById('status').textContent.includes(name), nominee.fullName);
    await fitsPhone();
  });

  await step('settles a line of an attendance list, issues certificates and sends another list', async () => {
    await go('/webinars/five-steps-to-a-treaty/people');
    const line = page.locator('main li:has(form)', { has: page.getByRole('heading', { name: doubtful }) });
    await line.waitFor();
    const held = await numberIn('.certificates strong');
    const present = await line.locator('time').evaluateAll((times) => times.map(({ dateTime }) => dateTime));
    await line.locator('select').selectOption({ label: doubtful });
    await line.locator('button').click();
    await line.waitFor({ state: 'detached' });
    await page.click('.certificates button');
    await page.waitForFunction((wanted) => document.querySelector('.certificates strong').textContent.endsWith(` ${wanted}`), held + 1);
    const list = `Name\tEmail\tJoin time\tLeave time\n${[doubtful, 'awa@example.org', ...present].join('\t')}\n`;
    await page.setInputFiles('[name=csv]', { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${list}`, 'utf16le') });
    await page.click('main form:has([name=csv]) .primary');
    await page.waitForSelector('main [role=status] .note');
    assert.match(await page.innerText('main [role=status] .note'), /Присутствовали: 1; ранее: \d\d/);
    await fitsPhone();
    await page.context().clearCookies();
  });

  await step('takes the seat that the organiser gives, and gives it back', async () => {
    await open(await linkIn(mail, nominee.email, `${url}/demo/#/place?token=`));
    await page.click('main form .primary');
    await page.waitForSelector('main form .error:not([hidden])');
    await page.check('main form input[type=checkbox]');
    await page.dblclick('main form .primary');
    await page.waitForSelector('main [href="#/sign-up"].primary');
    assert.equal(await page.locator('main form').count(), 0, 'the answer stands');
    await page.dblclick('main .asking > button');
    await page.keyboard.press('Escape');
    await page.waitForSelector('main .asking [role=group]', { state: 'hidden' });
    await page.click('main .asking > button:focus');
    await page.click('main .asking .primary');
    await page.waitForFunction(() => !document.querySelector('main .asking, main .primary'));
  });

  await step('asks for no more letters', async () => {
    await open(await linkIn(mail, office, `${url}/demo/#/stop?token=`));
    await page.click('main button');
    await page.waitForSelector('main [role=status] .note');
  });
}
