// A chart can be read by pointer, by touch and by keyboard. Whatever is chart-hit inside an element with data-chart is a
// point, and its title is shown beside it. Without this module the browser shows the titles by itself, and the table below
// has the numbers.
let count = 0

export function readCharts(root) {
  for (const view of root.querySelectorAll('[data-chart]')) readChart(view)
}

function readChart(view) {
  const points = [...view.querySelectorAll('.chart-hit')]
  if (points.length === 0) return
  const grid = view.matches('table')
  const prefix = `chart-${++count}`
  const tip = document.createElement('div')
  tip.className = 'chart-tip'
  tip.setAttribute('aria-hidden', 'true') // readers hear the point itself
  tip.hidden = true
  view.closest('figure').append(tip)

  // A list of options of which one is active, or a table of cells: screen readers say the active one, and which of how many.
  view.tabIndex = 0
  view.setAttribute('role', grid ? 'grid' : 'listbox')
  view.setAttribute('aria-description', view.dataset.chart)
  for (const svg of view.querySelectorAll(':scope > svg')) {
    svg.removeAttribute('aria-hidden')
    svg.setAttribute('role', 'presentation')
  }
  const said = new Map()
  points.forEach((point, n) => {
    const title = point.querySelector('title')
    const words = title?.textContent ?? point.title
    title?.remove() // or the browser would show it as well
    point.removeAttribute('title')
    point.id = `${prefix}-${n}`
    point.setAttribute('role', grid ? 'gridcell' : 'option')
    if (point.textContent.trim()) point.setAttribute('aria-description', words) // it has a name of its own
    else point.setAttribute('aria-label', words)
    said.set(point, words)
  })

  let here = -1
  function show(n) {
    if (n === here) return
    points[here]?.classList.remove('here')
    points[here]?.removeAttribute('aria-selected')
    here = n
    const point = points[n]
    if (!point) {
      tip.hidden = true
      view.removeAttribute('aria-activedescendant')
      return
    }
    point.classList.add('here')
    point.setAttribute('aria-selected', 'true')
    view.setAttribute('aria-activedescendant', point.id)
    tip.textContent = said.get(point)
    tip.hidden = false
    place(point)
  }

  // place puts the tip beside the point, or below it where there is no room on either side.
  function place(point) {
    const frame = tip.parentElement.getBoundingClientRect()
    const box = (point.querySelector('.chart-dot') ?? point).getBoundingClientRect()
    const [first, last] = [Math.max(frame.left, 0) + 4, Math.min(frame.right, innerWidth) - tip.offsetWidth - 4]
    let left = box.right + 12
    let top = Math.max(Math.min(box.top - 8, frame.bottom - tip.offsetHeight - 4), frame.top + 4)
    if (left > last) left = box.left - tip.offsetWidth - 12
    if (left < first) {
      left = Math.max(Math.min((box.left + box.right - tip.offsetWidth) / 2, last), first)
      top = box.bottom + 6
    }
    tip.style.left = `${left - frame.left}px`
    tip.style.top = `${top - frame.top}px`
  }

  const under = (event) => points.indexOf(document.elementFromPoint(event.clientX, event.clientY)?.closest('.chart-hit'))
  for (const kind of ['pointerdown', 'pointermove']) view.addEventListener(kind, (event) => show(under(event)))
  view.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse') show(-1)
  })
  view.addEventListener('blur', () => show(-1))
  view.addEventListener('focus', () => {
    if (view.matches(':focus-visible')) show(0)
  })

  const across = grid ? Number(view.dataset.across) : 1 // cells of a row
  const cell = (n, step) => points[n + step] ? n + step : n
  view.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const from = Math.max(here, 0)
    const to = {
      ArrowRight: cell(from, 1), ArrowLeft: cell(from, -1), ArrowDown: cell(from, across), ArrowUp: cell(from, -across),
      Home: 0, End: points.length - 1, Escape: -1,
    }[event.key]
    if (to === undefined || (to === -1 && here === -1)) return
    event.preventDefault()
    points[to]?.scrollIntoView({ block: 'nearest', inline: 'nearest' }) // wide charts scroll
    show(to)
  })
}
