// What was typed survives a lost connection and a session that ended. Before a form is sent, the server must answer; and what
// is sent stays with this tab until another page has come, to be put back when the same one comes again instead.
const place = 'tributary-typed'
const typed = (field) => field.name && !['hidden', 'password', 'file', 'submit', 'button'].includes(field.type)

export function keepTyped(root) {
  const page = root.documentElement
  const here = location.pathname + location.search

  const say = (form, text) => {
    let note = form.querySelector('.kept')
    if (!note) {
      note = root.createElement('p')
      note.className = 'hint wait kept'
      note.role = 'alert'
      form.prepend(note)
    }
    note.textContent = text
  }

  const restore = (draft) => {
    const form = [...root.forms].find((form) => form.getAttribute('action') === draft.action)
    if (!form || form.querySelector('.faults')) return // the server has kept it
    const fields = [...form.elements].filter(typed)
    if (fields.length !== draft.values.length) return // another form by now
    fields.forEach((field, n) => {
      const [name, value] = draft.values[n]
      if (field.name !== name) return
      if (typeof value === 'boolean') field.checked = value
      else field.value = value
    })
    for (let fold = form.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true
    form.closest('[popover]')?.showPopover()
    say(form, page.dataset.kept)
  }

  const draft = JSON.parse(sessionStorage.getItem(place))
  if (draft && location.pathname !== '/sign-in') {
    sessionStorage.removeItem(place)
    const came = performance.getEntriesByType('navigation')[0]?.type
    const again = came === 'back_forward' || came === 'reload' || root.referrer.startsWith(location.origin + '/sign-in')
    if (again && draft.here === here && draft.who === page.dataset.who) restore(draft)
  }

  let passed
  root.addEventListener('submit', async (event) => {
    const form = event.target
    if (form.method !== 'post' || event.defaultPrevented || passed === form) return
    const fields = [...form.elements].filter(typed)
    if (fields.length === 0 || here.startsWith('/sign-in')) return
    event.preventDefault()
    if (form.dataset.asking) return // it was pressed twice
    form.dataset.asking = 'true'
    try {
      const answer = await fetch('/healthz', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(8000) })
      if (!answer.ok) throw new Error(answer.status)
    } catch {
      return say(form, page.dataset.offline)
    } finally {
      delete form.dataset.asking
    }
    const values = fields.map((field) => [field.name, /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value])
    sessionStorage.setItem(place, JSON.stringify({ here, who: page.dataset.who, action: form.getAttribute('action'), values }))
    passed = form
    form.requestSubmit(event.submitter)
    passed = undefined
  })
}
