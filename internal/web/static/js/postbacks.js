// The sample below an address with macros follows what is typed. The server fills it in by the same rule: names and values
// of the query are filled in first and encoded afterwards.
export function previewPostback(root) {
  const form = root.querySelector('form[data-preview]')
  if (!form) return
  const shown = root.getElementById(form.dataset.preview)
  const values = new Map([...root.querySelectorAll('[data-macro]')].map((e) => [e.dataset.macro, e.dataset.value]))
  const fill = (text) => text.replace(/\{([a-z0-9_]+)\}/gi, (whole, name) => values.get(name.toLowerCase()) ?? whole)
  const escape = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase()).replace(/%20/g, '+')
  const part = (text) => {
    try { return fill(decodeURIComponent(text.replace(/\+/g, ' '))) } catch { return fill(text) }
  }
  const show = () => {
    const template = form.elements.template.value.trim()
    const at = template.indexOf('?')
    const base = at < 0 ? template : template.slice(0, at)
    const pairs = at < 0 || at === template.length - 1 ? [] : template.slice(at + 1).split('&').map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [part(pair)] : [part(pair.slice(0, equals)), part(pair.slice(equals + 1))]
    })
    const query = pairs.map((pair) => pair.map(escape).join('=')).join('&')
    const way = form.elements.way.value
    if (way === 'json') shown.textContent = 'POST ' + base + '\n\n' + JSON.stringify(Object.fromEntries(pairs.map(([n, v = '']) => [n, v])), null, 1)
    else if (way === 'form') shown.textContent = 'POST ' + base + '\n\n' + pairs.map(([n, v = '']) => escape(n) + '=' + escape(v)).join('&')
    else shown.textContent = 'GET ' + base + (at < 0 ? '' : '?' + query)
  }
  form.addEventListener('input', show)
  root.addEventListener('click', (event) => {
    const macro = event.target.closest('button[data-insert]')
    if (!macro) return
    const field = form.elements.template
    field.setRangeText(macro.dataset.insert, field.selectionStart, field.selectionEnd, 'end')
    field.focus()
    show()
  })
}
