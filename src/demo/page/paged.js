// Lists that the API gives by pages.

import { h } from "./dom.js";
import { action } from "./forms.js";
import { t } from "./state.js";

/** A list that grows by pages: `page` answers those after a cursor, `item` draws a node; or the text `none`. */
export async function paged(page, item, none) {
  const list = h("ul", { class: "lines" });
  const more = h("div", { class: "more" });
  const add = async (after) => {
    const { nodes, pageInfo } = await page(after);
    const items = nodes.map(item);
    list.append(...items);
    more.replaceChildren(...(pageInfo.hasNextPage ? [action(t("showMore"), async () => {
      // The button goes; who pressed it reads on at what came.
      const first = await add(pageInfo.endCursor);
      first?.setAttribute("tabindex", "-1");
      first?.focus();
    })] : []));
    return items[0];
  };
  await add(null);
  return list.children.length ? [list, more] : [h("p", { class: "hint" }, none)];
}

/** All nodes, page after page. */
export async function everything(page) {
  const all = [];
  let after = null;
  do {
    const { nodes, pageInfo } = await page(after);
    all.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  return all;
}
