// What a new person does: signs up, confirms the address, tells of themselves, forgets the password and sets another.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { linkIn } from './mail.mjs';

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
    const link = await linkIn(mail, person.email, `${url}/demo/#/confirm?token=`);
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

  await step('signs in, and reads on a course why it cannot be begun yet', async () => {
    await go('/sign-in');
    await signIn(passwords[0]);
    await page.waitForFunction(() => location.hash !== '#/sign-in');
    await go('/course/joining-a-treaty');
    await page.waitForSelector('.standing .note');
    assert.match(await page.innerText('.standing .note'), /waiting for an administrator/);
  });

  await step('edits the profile', async () => {
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
    const link = await linkIn(mail, person.email, `${url}/demo/#/reset?token=`);
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
