// The tag remembers on the brand's own site by which partner's click a visitor came, and reports visits and orders.
//
//   <script async src="https://…/tag.js" data-program="shop"></script>
//   <script>
//     window.trb = window.trb || function () { (trb.q = trb.q || []).push(arguments) }
//     trb('customer', '4711')
//     trb('conversion', { order: 'A-1', amount: '49.90', currency: 'EUR' })
//   </script>
//
// data-param names the parameter that carries the click id, when it is not tclid. Nothing is kept but a random number, the
// click id and the customer's id, under _trb, for thirty days.
(function () {
  'use strict'
  var script = document.currentScript
  var door = new URL('/t/' + encodeURIComponent(script.getAttribute('data-program')), script.src).href
  var param = script.getAttribute('data-param') || 'tclid'
  var key = '_trb'
  var days = 30

  function stored() {
    var text
    try {
      text = localStorage.getItem(key)
    } catch (e) { /* not allowed here: the cookie remembers */ }
    if (!text) {
      var found = document.cookie.match(/(?:^|; )_trb=([^;]*)/)
      text = found && decodeURIComponent(found[1])
    }
    try {
      var known = JSON.parse(text)
      if (known && known.visitor && Date.now() - known.seen < days * 864e5) return known
    } catch (e) { /* not ours */ }
    return { visitor: random() }
  }

  function store() {
    me.seen = Date.now()
    var text = JSON.stringify(me)
    try {
      localStorage.setItem(key, text)
    } catch (e) {
      document.cookie = key + '=' + encodeURIComponent(text) + ';path=/;SameSite=Lax;max-age=' + days * 86400 +
        (location.protocol === 'https:' ? ';Secure' : '')
    }
  }

  function random() {
    var bytes = crypto.getRandomValues(new Uint8Array(16))
    return Array.prototype.map.call(bytes, function (b) { return (b + 256).toString(16).slice(1) }).join('')
  }

  function send(said) {
    said.visitor = me.visitor
    if (me.click) said.click = me.click
    var body = JSON.stringify(said)
    if (window.fetch) {
      fetch(door, { method: 'POST', body: body, keepalive: true, credentials: 'omit' }).catch(function () {})
    } else {
      navigator.sendBeacon(door, body)
    }
  }

  // once is true the first time in this browser session that something arrives.
  function once(arrival) {
    try {
      if (sessionStorage.getItem(key) === arrival) return false
      sessionStorage.setItem(key, arrival)
    } catch (e) { /* then each page is an arrival */ }
    return true
  }

  var calls = {
    customer: function (id) {
      me.customer = String(id)
      store()
    },
    conversion: function (order) {
      var said = { type: 'conversion' }
      if (me.customer) said.customer = me.customer
      for (var name in order) said[name] = String(order[name])
      send(said)
    }
  }

  function trb(call, value) {
    if (calls[call]) calls[call](value)
  }

  var me = stored()
  var click = new URLSearchParams(location.search).get(param) || new URLSearchParams(location.hash.slice(1)).get(param)
  if (click) me.click = click
  store()
  if (once(click || sessionStart())) {
    send({ type: 'visit', url: location.href, referrer: document.referrer })
  }

  // sessionStart is what this session arrived by before, so that a page without a click is no new arrival.
  function sessionStart() {
    try {
      return sessionStorage.getItem(key) || 'direct'
    } catch (e) {
      return 'direct'
    }
  }

  var waiting = (window.trb && window.trb.q) || []
  window.trb = trb
  for (var i = 0; i < waiting.length; i++) trb.apply(null, waiting[i])
})()
