// swap takes the element with the id from another version of the page.
export async function swap(id, answer) {
  if (!answer.ok || answer.redirected) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.getElementById(id)
  const here = document.getElementById(id)
  if (!fresh || !here || fresh.innerHTML === here.innerHTML) return
  here.innerHTML = fresh.innerHTML
  if (!fresh.dataset.fresh) delete here.dataset.fresh
}

// An element with data-fresh is fetched anew from there every few seconds, while somebody looks and until it has no more to
// tell.
export function keepFresh(root) {
  for (const element of root.querySelectorAll('[data-fresh]')) {
    const turn = setInterval(async () => {
      if (root.hidden) return
      if (!element.dataset.fresh) return clearInterval(turn)
      try {
        await swap(element.id, await fetch(element.dataset.fresh))
      } catch { /* not reached: later */ }
    }, Number(element.dataset.every ?? 3000))
  }
}
