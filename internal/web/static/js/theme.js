// The theme changes at once; the form is sent behind the page's back, so that the server knows it too.
export function switchTheme(root) {
  root.addEventListener('submit', (event) => {
    const form = event.target
    if (form.getAttribute('action') !== '/theme') return
    event.preventDefault()
    const theme = event.submitter.value
    if (theme === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
    const sent = new FormData(form)
    sent.set('theme', theme)
    fetch('/theme', { method: 'POST', body: new URLSearchParams(sent), redirect: 'manual' })
    form.closest('[popover]')?.hidePopover()
  })
}
