// What a page owes to those who cannot see it, or see it poorly, as far as a program can
// tell: an array of sentences, one for each fault. The rules are those of WCAG 2.2, level AA.
(() => {
  const faults = [];
  const tag = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const all = (selector) => [...document.querySelectorAll(selector)];

  if (!document.documentElement.lang) faults.push("the page has no language (3.1.1)");
  if (!document.title.trim()) faults.push("the page has no title (2.4.2)");
  if (all("h1").length !== 1) faults.push(`the page has ${all("h1").length} first headings`);
  if (all("main").length !== 1) faults.push(`the page has ${all("main").length} main parts`);
  if (all("[tabindex]").some((e) => e.tabIndex > 0)) faults.push("the order of the focus is forced (2.4.3)");
  for (const e of all("img:not([alt])")) faults.push(`a picture has no alternative text (1.1.1): ${tag(e)}`);
  for (const e of all("nav")) {
    if (all("nav").length > 1 && !e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby")) faults.push(`one of several navigations has no name: ${tag(e)}`);
  }
  const ids = all("[id]").map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push(`two elements have the id ${id}`);
  for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls"]) {
    for (const e of all(`[${name}]`)) {
      for (const id of e.getAttribute(name).split(/\s+/)) if (!document.getElementById(id)) faults.push(`${name} names ${id}, which is not there: ${tag(e)}`);
    }
  }

  // Contrast (1.4.3): 4.5 to 1, or 3 to 1 for large text, from the computed colours.
  const read = (colour) => {
    const n = (colour.match(/-?[\d.]+/g) || []).map(Number);
    const scale = colour.startsWith("color(") ? 255 : 1;
    return { rgb: n.slice(0, 3).map((x) => x * scale), a: n.length > 3 ? n[3] : 1 };
  };
  const over = (top, a, under) => top.map((x, i) => x * a + under[i] * (1 - a));
  const ground = (e) => {
    const layers = [];
    let at = e;
    for (; at; at = at.parentElement) {
      const { rgb, a } = read(getComputedStyle(at).backgroundColor);
      if (a > 0) layers.push([rgb, a]);
      if (a === 1) break;
    }
    const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
    return layers.reverse().reduce((under, [rgb, a]) => over(rgb, a, under), canvas);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((x) => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const opacity = (e) => (e ? Number(getComputedStyle(e).opacity) * opacity(e.parentElement) : 1);
  const faint = new Map();
  for (const e of all("body *")) {
    const words = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
    if (!words && !e.matches("input:not([type=hidden]), textarea, select")) continue;
    const box = e.getBoundingClientRect();
    if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || box.width <= 1 || box.height <= 1 || e.closest("svg, :disabled")) continue;
    const style = getComputedStyle(e), { rgb, a } = read(style.color), under = ground(e);
    const [x, y] = [light(over(rgb, a * opacity(e), under)), light(under)];
    const contrast = (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (large ? 3 : 4.5)) faint.set(`${style.color} on ${under.map(Math.round)}`, `${contrast.toFixed(2)}: ${tag(e)}`);
  }
  for (const [colours, what] of faint) faults.push(`words are too faint (1.4.3), ${colours}, ${what}`);
  return faults;
})()
