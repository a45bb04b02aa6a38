// Letters, which the demo's server leaves in a folder.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** The newest link in letters to `email` that begins with `start`, once its letter is there; `mail` is their folder. */
export async function linkIn(mail, email, start) {
  for (let tries = 0; tries < 200; tries += 1) {
    const names = await readdir(mail).catch(() => []);
    for (const name of names.sort().reverse()) {
      const letter = await readFile(`${mail}/${name}`, 'utf8');
      const [head] = letter.split('\r\n\r\n', 1);
      if (!head.includes(email)) continue;
      const links = text(head, letter.slice(head.length)).match(/http\S+/g) ?? [];
      const link = links.find((each) => each.startsWith(start));
      if (link) return link;
    }
    await pause(100);
  }
  throw new Error(`no letter to ${email} links to ${start}…`);
}

/** The body of a letter as it was written (RFC 2045, 6). */
function text(head, body) {
  const [, encoding] = head.toLowerCase().match(/content-transfer-encoding: (\S+)/) ?? [];
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
