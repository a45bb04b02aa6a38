// What people without an account do by the links in their letters: an office names somebody for a webinar, who takes the seat,
// gives it back, and is written to no more.
import assert from 'node:assert/strict';
import { linkIn } from './mail.mjs';

const office = 'corte@example.net';
const nominee = { fullName: 'Julia Ejemplo', email: 'julia@example.net' };

/** Takes `page` through it; `mail` is the folder in which the letters arrive. */
export async function inviting({ page, url, mail, password, step }) {
  /** Opens a mailed link as a mail program does, and looks whether its token is gone from the address. */
  const open = async (link) => {
    await page.goto('about:blank');
    await page.goto(link);
    await page.waitForSelector('main h1');
    assert.equal(page.url(), link.split('?')[0]);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it is as wide as a phone');
  };

  await page.context().clearCookies(); // nobody of these has an account

  await step('names somebody for a webinar by the link in a letter', async () => {
    await open(await linkIn(mail, office, `${url}/demo/#/nomination?token=`));
    await page.click('main form .primary');
    await page.waitForSelector('[aria-invalid]');
    await page.fill('[name=fullName]', nominee.fullName);
    await page.fill('[name=email]', nominee.email);
    await page.selectOption('[name=gender]', 'FEMALE');
    await page.click('main form .primary');
    await page.waitForSelector('main .cards li');
    assert.match(await page.innerText('main .cards li'), /Julia Ejemplo/);
  });

  await step('takes the seat that the organiser gives, and gives it back', async () => {
    await accept(url, password);
    await open(await linkIn(mail, nominee.email, `${url}/demo/#/place?token=`));
    await page.click('main form .primary');
    await page.waitForSelector('main form .error:not([hidden])');
    await page.check('main form input[type=checkbox]');
    await page.click('main form .primary');
    await page.waitForSelector('main [href="#/sign-up"].primary');
    assert.equal(await page.locator('main form').count(), 0, 'the answer stands');
    await page.click('main .action button');
    await page.waitForFunction(() => !document.querySelector('main .action, main .primary'));
  });

  await step('asks for no more letters', async () => {
    await open(await linkIn(mail, office, `${url}/demo/#/stop?token=`));
    await page.click('main button');
    await page.waitForSelector('main [role=status] .note');
  });
}

/** The organiser gives seats to those whom the office named. */
async function accept(url, password) {
  const input = { email: 'olga@example.org', password, transport: 'BEARER' };
  const start = 'mutation($input: SessionStartInput!) { sessionStart(input: $input) { token } }';
  const { sessionStart } = await ask(url, start, { input });
  const named = `{ webinar(slug: "reservations-and-declarations") {
    id inviting { nominees(first: 50, state: NAMED) { nodes { id email } } } } }`;
  const { webinar } = await ask(url, named, {}, sessionStart.token);
  const { id: wanted } = webinar.inviting.nominees.nodes.find(({ email }) => email === nominee.email);
  const decide = `mutation($input: NomineesDecideInput!) {
    nomineesDecide(input: $input) { userErrors { code message } } }`;
  const decision = { webinarId: webinar.id, nomineeIds: [wanted], decision: 'ACCEPT' };
  const { nomineesDecide } = await ask(url, decide, { input: decision }, sessionStart.token);
  assert.deepEqual(nomineesDecide.userErrors, []);
}

async function ask(url, query, variables, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined);
  return data;
}
