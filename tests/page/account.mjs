// What a new person does: signs up, confirms the address, tells of themselves, forgets the password and sets another.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const person = { fullName: 'سلمى مثال', email: 'salma@example.org' };
const passwords = ['teapot harbour velvet 9', 'anchor meadow violin 4'];

/** Takes `page` through it; `mail` is the folder in which the letters arrive. */
export async function account({ page, url, mail, step, go }) {
  const signIn = async (password) => {
    await page.fill('[name=email]', person.email);
    await page.fill('[name=password]', password);
    await page.press('[name=password]', 'Enter');
    await page.waitForSelector('header .who', { state: 'attached' });
  };
  const signOut = async () => {
    await page.click('header .tools button');
    await page.waitForSelector('header [href="#/sign-in"]');
  };
  /** Opens a mailed link as a mail program does, and looks whether its token is gone from the address. */
  const open = async (link) => {
    await page.goto('about:blank');
    await page.goto(link);
    await page.waitForSelector('main h1');
    assert.equal(page.url(), link.split('?')[0]);
  };
  const invalid = () => page.$$eval('[aria-invalid]', (controls) => controls.map(({ name }) => name));
  const fitsPhone = async () => {
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth <= 0), true);
  };

  await step('signs up, told by field what is missing', async () => {
    await signOut();
    await page.reload();
    await go('/sign-in');
    await page.click('main [href="#/sign-up"]');
    await page.click('form .primary');
    await page.waitForSelector('[aria-invalid]');
    assert.deepEqual(await invalid(), ['fullName', 'email', 'password', 'acceptTermsVersion']);
    assert.equal(await page.evaluate(() => document.activeElement.name), 'fullName');
    await page.fill('[name=fullName]', person.fullName);
    await page.fill('[name=email]', person.email);
    await page.fill('[name=password]', passwords[0]);
    await page.check('[name=acceptTermsVersion]');
    await fitsPhone();
    await page.press('[name=password]', 'Enter');
    await page.waitForFunction(() => location.hash === '#/sign-up/sent');
    await fitsPhone();
  });

  await step('confirms the address by the mailed link, and learns that the account is to be vetted', async () => {
    const link = await linkIn(mail, `${url}/demo/#/confirm?token=`);
    await open(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`);
    await page.waitForSelector('main form [name=email]');
    assert.match(await page.innerText('main'), /no longer works/);
    await open(link);
    await page.waitForSelector('.card.good');
    assert.match(await page.innerText('.card.good'), /administrator/);
    // The page remembers the token for itself, not for who comes after.
    await page.selectOption('header select', 'ar');
    await page.waitForFunction(() => document.documentElement.dir === 'rtl' && document.querySelector('.card.good'));
    await fitsPhone();
    await page.selectOption('header select', 'en');
    await page.waitForFunction(() => document.documentElement.dir === 'ltr');
    await page.reload();
    await page.waitForSelector('main form [name=email]');
  });

  await step('signs in and edits the profile', async () => {
    await go('/sign-in');
    await signIn(passwords[0]);
    await page.click('header .who');
    await page.fill('[name=latinName]', person.fullName);
    await page.click('form .primary');
    await page.waitForSelector('[aria-invalid]');
    assert.deepEqual(await invalid(), ['latinName']);
    const told = { language: 'fr', timeZone: 'Africa/Nairobi', country: 'KE', gender: 'UNDISCLOSED' };
    await page.fill('[name=latinName]', 'Salma Mithal');
    await page.fill('[name=organisation]', 'Exemple');
    await page.check('[name=isNameShownToVisitors]');
    for (const [name, value] of Object.entries(told)) await page.selectOption(`[name=${name}]`, value);
    await page.click('form .primary');
    await page.waitForFunction(() => document.documentElement.lang === 'fr');
    await page.reload();
    await page.waitForSelector('[name=latinName]');
    for (const [name, value] of Object.entries({ ...told, latinName: 'Salma Mithal', organisation: 'Exemple' })) {
      assert.equal(await page.inputValue(`[name=${name}]`), value);
    }
    assert.equal(await page.isChecked('[name=isNameShownToVisitors]'), true);
    await fitsPhone();
    const countries = await readFile(new URL('../../src/accounts/countries.txt', import.meta.url), 'utf8');
    const offered = await page.$$eval('[name=country] option', (options) => options.map(({ value }) => value));
    assert.deepEqual(offered.filter(Boolean).sort(), countries.split(/\s+/).filter(Boolean));
  });

  await step('sets a new password by the mailed link, once', async () => {
    await signOut();
    await go('/sign-in');
    await page.click('main [href="#/forgotten"]');
    await page.fill('[name=email]', person.email);
    await page.press('[name=email]', 'Enter');
    await page.waitForFunction(() => location.hash === '#/forgotten/sent');
    const link = await linkIn(mail, `${url}/demo/#/reset?token=`);
    await open(link);
    await page.fill('[name=newPassword]', 'password12');
    await page.press('[name=newPassword]', 'Enter');
    await page.waitForSelector('[aria-invalid]');
    await page.fill('[name=newPassword]', passwords[1]);
    await page.press('[name=newPassword]', 'Enter');
    await page.waitForFunction(() => location.hash === '#/sign-in/new-password');
    await page.waitForSelector('main .note');
    await signIn(passwords[1]);
    await open(link);
    await page.fill('[name=newPassword]', passwords[0]);
    await page.press('[name=newPassword]', 'Enter');
    await page.waitForSelector('main form [name=email]');
    await fitsPhone();
  });
}

/** The newest link to the person that begins with `start`, once its letter is there. */
async function linkIn(mail, start) {
  for (let tries = 0; tries < 200; tries += 1) {
    const names = await readdir(mail).catch(() => []);
    for (const name of names.sort().reverse()) {
      const letter = await readFile(`${mail}/${name}`, 'utf8');
      const [head] = letter.split('\r\n\r\n', 1);
      if (!head.includes(person.email)) continue;
      const link = text(head, letter.slice(head.length)).match(/http\S+/)?.[0];
      if (link?.startsWith(start)) return link;
    }
    await pause(100);
  }
  throw new Error(`no letter to ${person.email} links to ${start}…`);
}

/** The body of a letter as it was written (RFC 2045, 6). */
function text(head, body) {
  const [, encoding] = head.toLowerCase().match(/content-transfer-encoding: (\S+)/) ?? [];
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
