// Ctrl-K opens the search over any page. Without it the search is a page of its own, and this shows what that page finds.
export function openPalette(root) {
  const dialog = root.getElementById('palette')
  if (!dialog) return
  const form = dialog.querySelector('form')
  const input = form.elements.q
  const list = root.getElementById('palette-found')
  let chosen = -1
  let waiting
  let asked = 0

  const items = () => [...list.querySelectorAll('a')]
  const choose = (n) => {
    const all = items()
    all[chosen]?.setAttribute('aria-selected', 'false')
    chosen = all.length ? (n + all.length) % all.length : -1
    if (chosen < 0) return input.removeAttribute('aria-activedescendant')
    all[chosen].setAttribute('aria-selected', 'true')
    all[chosen].scrollIntoView({ block: 'nearest' })
    input.setAttribute('aria-activedescendant', all[chosen].id)
  }
  const ask = async () => {
    const turn = ++asked
    const address = form.action + '?' + new URLSearchParams({ q: input.value })
    try {
      const answer = await fetch(address)
      if (answer.redirected) return location.assign(address) // the session is over: sign in, then search
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      if (turn !== asked) return // an older question
      list.replaceChildren(...page.getElementById('found').childNodes)
    } catch {
      return // not reached: the next letter tries again
    }
    for (const group of list.querySelectorAll('section')) group.role = 'group'
    for (const part of list.querySelectorAll('ul, li')) part.role = 'presentation'
    items().forEach((a, n) => {
      a.id = 'palette-' + n
      a.role = 'option'
      a.tabIndex = -1
    })
    chosen = -1
    choose(0)
  }
  const open = () => {
    if (dialog.open) return
    dialog.showModal()
    input.select()
    ask()
  }

  root.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault()
      open()
    }
  })
  root.querySelector('[data-palette]').addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    open()
  })
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
    if (event.target.closest('a')) dialog.close() // its place may be on this page
  })
  input.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, 120)
  })
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    choose(chosen + step)
  })
  form.addEventListener('submit', (event) => {
    const place = items()[chosen]
    if (!place) return
    event.preventDefault()
    place.click()
  })
}
