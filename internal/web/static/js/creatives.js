// A file that is larger than its input's data-most is told at once, before anything is sent and what was typed is lost.
export function weighFiles(root) {
  root.addEventListener('change', (event) => {
    const input = event.target
    if (!input.dataset?.most) return
    const large = [...input.files].some((file) => file.size > Number(input.dataset.most))
    const fault = document.getElementById(input.getAttribute('aria-describedby')).querySelector('.fault')
    fault.querySelector('span').textContent = large ? input.dataset.large : ''
    fault.hidden = !large
    input.setAttribute('aria-invalid', String(large))
    if (large) input.value = ''
  })
}
