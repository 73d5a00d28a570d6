// The tag remembers on the brand's own site by which partner a visitor came, and reports visits and orders. It decides nothing
// about who earned what: it says what the page's address and referrer say, and the server judges.
//
//   <script async src="https://…/tag.js" data-program="shop"></script>
//   <script>
//     window.trb = window.trb || function () { (trb.q = trb.q || []).push(arguments) }
//     trb('consent', 'full')
//     trb('customer', '4711', 'the proof of your server')
//     trb('conversion', { order: 'A-1', amount: '49.90', currency: 'EUR' })
//   </script>
//
// data-param     the parameter that carries the click id, when it is not tclid
// data-refs      names of parameters beside ref, via and a_aid that name a partner
// data-domains   the brand's other domains: a visitor who goes there by a link stays who they are
// data-consent   none, cookieless or full: what may be done until trb('consent', …) says otherwise
//
// What is kept, under _trb for thirty days: a random number, the click id, the customer's id. What browsers get is made of this
// file by "go generate".
(function () {
  'use strict'
  var script = document.currentScript
  var key = '_trb'
  var month = 2592e3
  var door = new URL('/t/' + encodeURIComponent(set('program')), script.src).href
  var domains = words('domains', location.hostname)
  var clicks = new RegExp('[?&#]' + (set('param') || 'tclid') + '=([^&#]+)')
  var refs = new RegExp('[?&#](?:' + words('refs', 'ref|via|a_aid').join('|') + ')=([^&#]+)|^[^?#]*/ref/([^/?#]+)')
  var entry = location.href
  var me = {}
  var queue = []
  var busy, mode, began
  var waiting = (window.trb && window.trb.q) || []

  function set(name) {
    return script.getAttribute('data-' + name) || ''
  }

  function words(name, also) {
    return set(name).split(' ').filter(Boolean).concat(also)
  }

  function parse(text) {
    try {
      return JSON.parse(text)
    } catch (e) { /* nothing, or not ours */ }
  }

  // Storage can be refused, and then throws.
  function get(name, store) {
    try {
      return window[store || 'localStorage'].getItem(name)
    } catch (e) { /* refused */ }
  }

  function put(name, text, store) {
    try {
      store = window[store || 'localStorage']
      if (text) store.setItem(name, text)
      else store.removeItem(name)
      return true
    } catch (e) { /* refused */ }
  }

  function cookie() {
    var found = document.cookie.match(/(?:^|; )_trb=([^;]*)/)
    return found && decodeURIComponent(found[1])
  }

  // The cookie is set as wide as the browser lets it, so that shop.example and pay.shop.example share it.
  function bake(text) {
    var parts = location.hostname.split('.')
    for (var n = 2; n <= parts.length + 1; n++) {
      document.cookie = key + '=' + encodeURIComponent(text) + ';path=/;SameSite=Lax;max-age=' + (text ? month : 0) +
        (n > parts.length ? '' : ';domain=' + parts.slice(-n).join('.')) + (location.protocol === 'https:' ? ';Secure' : '')
      if (text && cookie() === text) return true
    }
  }

  // The newer of the two, if one has been taken away.
  function stored() {
    var a = parse(get(key))
    var b = parse(cookie())
    a = a && b && b.seen > a.seen ? b : a || b
    return a && Date.now() - a.seen < month * 1e3 && a
  }

  // A browser that keeps nothing has no name: the server gives it one for the day.
  function store() {
    if (mode !== 'full') return
    me.seen = Date.now()
    var text = JSON.stringify(me)
    if (!(put(key, text) | bake(text))) me.visitor = ''
  }

  function random() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (b) { return (b + 256).toString(16).slice(1) }).join('')
  }

  // What was not answered is sent again: when the browser is online again, or by the next page.
  function keep() {
    if (mode === 'full') put(key + 'q', queue[0] && JSON.stringify(queue.slice(-50)))
  }

  function body(said) {
    return JSON.stringify(Object.assign({}, said, { age: Date.now() - said.at }))
  }

  function send(said) {
    if (mode === 'none') return
    said.visitor = me.visitor
    said.click = said.click || me.click
    said.at = Date.now()
    queue.push(said)
    keep()
    flush()
  }

  function flush() {
    var said = queue[0]
    if (busy || !said) return
    busy = true
    fetch(door, { method: 'POST', body: body(said), keepalive: true, credentials: me.visitor ? 'include' : 'omit' }).then(function (answer) {
      if (answer.status > 499) throw answer
      queue.shift()
      keep()
      return answer.status === 200 && answer.json()
    }).then(function (answer) {
      if (answer.click) {
        me.click = answer.click
        store()
      }
      busy = false
      flush()
    }).catch(function () {
      busy = false
      said.again = true
      keep()
    })
    said.again = true
    keep()
  }

  function isOwn(host) {
    return domains.some(function (own) { return ('.' + host).slice(-own.length - 1) === '.' + own })
  }

  function hostOf(address) {
    return address && new URL(address).hostname
  }

  function part(found) {
    found = found && (found[1] || found[2])
    try {
      return found && decodeURIComponent(found)
    } catch (e) {
      return found
    }
  }

  // look reports an arrival: by a click, by a partner's code, or from another site. The same one is reported once in a session,
  // and coming back from a sign-in or a payment on another site is the session going on.
  function look(landing) {
    var url = landing ? entry : location.href
    var referrer = landing ? document.referrer : ''
    var own = !landing || isOwn(hostOf(referrer))
    var click = part(clicks.exec(url))
    var ref = part(refs.exec(url))
    var arrival = click || ref || !own && hostOf(referrer)
    began = began || mode === 'full' && get(key, 'sessionStorage')
    if (arrival ? arrival === began : began || own) return
    if (click) {
      me.click = click
      store()
    }
    send({ type: 'visit', url: url, referrer: referrer, click: click, ref: ref, later: !!(began || own) })
    began = arrival || '-'
    if (mode === 'full') put(key, began, 'sessionStorage')
  }

  // Between the brand's own domains the name goes along in the link. It is taken only from a page of these domains, as the
  // browser says, and only for two minutes.
  function handed() {
    var pass = /[?&]_trb=(\w{32})\.(\w+)\.([\w-]*)/.exec(entry)
    if (!pass) return
    if (isOwn(hostOf(document.referrer)) && Date.now() - parseInt(pass[2], 36) < 12e4) {
      me.visitor = pass[1]
      me.click = pass[3] || me.click
    }
    history.replaceState(history.state, '', location.href.replace(/_trb=[^&#]*&?/, '').replace(/[?&](?=#|$)/, ''))
  }

  function hand(event) {
    var at = event.target.closest && event.target.closest('a[href],form')
    var name = at && at.href ? 'href' : 'action'
    if (!at || !me.visitor || !/^http/.test(at[name])) return
    var to = new URL(at[name])
    if (to.hostname === location.hostname || !isOwn(to.hostname)) return
    to.searchParams.set(key, me.visitor + '.' + Date.now().toString(36) + '.' + (me.click || ''))
    at[name] = to.href
  }

  function consent(to) {
    var was = mode
    if (was === to) return
    mode = to
    if (to === 'full') {
      me = Object.assign(stored() || { visitor: random() }, me)
      handed()
      store()
      queue = (parse(get(key + 'q')) || []).concat(queue)
    } else {
      put(key, '')
      put(key + 'q', '')
      put(key, '', 'sessionStorage')
      bake('')
      me = { click: me.click }
    }
    if (to === 'none') queue = []
    else if (!was || was === 'none') look(true)
    flush()
  }

  var calls = {
    consent: consent,
    customer: function (id, proof) {
      if (me.customer === id + '') return
      me.customer = id + ''
      store()
      send({ type: 'customer', customer: me.customer, proof: proof })
    },
    conversion: function (order) {
      var said = { type: 'conversion', customer: me.customer }
      for (var name in order) said[name] = typeof order[name] === 'object' ? order[name] : order[name] + ''
      send(said)
    },
    ids: function (tell) {
      tell(me)
    }
  }

  function trb(call, value, more) {
    if (calls[call]) calls[call](value, more)
  }

  // What the page has said already comes before what the snippet says.
  waiting.some(function (call) { return call[0] === 'consent' && (consent(call[1]), true) })
  if (!mode) consent(stored() ? 'full' : set('consent') || 'full')

  // Pages that change their address without being loaded.
  ;['pushState', 'replaceState'].forEach(function (name) {
    var own = history[name]
    history[name] = function () {
      own.apply(history, arguments)
      look()
    }
  })
  ;['popstate', 'hashchange'].forEach(function (name) {
    addEventListener(name, function () { look() })
  })
  ;['click', 'auxclick', 'submit'].forEach(function (name) {
    addEventListener(name, hand, true)
  })
  addEventListener('online', flush)
  addEventListener('pagehide', function () {
    if (mode !== 'none') queue.slice(1).forEach(function (said) { navigator.sendBeacon(door, body(said)) })
  })

  window.trb = trb
  for (var i = 0; i < waiting.length; i++) trb.apply(null, waiting[i])
})()
